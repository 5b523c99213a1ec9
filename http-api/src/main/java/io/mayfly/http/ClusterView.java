package io.mayfly.http;

import java.util.concurrent.CompletionStage;

/** The port through which operators look at the cluster. */
public interface ClusterView {
  /**
   * What this node sees now. The stage completes within a bounded time, and never exceptionally.
   */
  CompletionStage<ClusterReport> look();
}
