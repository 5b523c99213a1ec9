package io.mayfly.http;

/** What the node says about itself. Both methods are called often and must not block. */
public interface Health {
  /** Whether the process works; when not, it should be restarted. */
  boolean live();

  /** Whether the node should get requests; not while it joins, drains or lacks its quorum. */
  boolean ready();
}
