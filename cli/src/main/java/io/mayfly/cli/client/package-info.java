/** How the command line asks a server: requests, answers, retries, and what can go wrong. */
@NullMarked
package io.mayfly.cli.client;

import org.jspecify.annotations.NullMarked;
