package io.mayfly.http;

/** What a channel tells of: one kind of things in one namespace. */
record WatchTopic(WatchSubject subject, String namespace) {}
