package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.conformance.Case;
import io.mayfly.multinode.conformance.CaseRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server answers plain HTTP as every vector says. */
final class ConformanceTest {
  private static final int CASES_MIN = 300;
  private static final int PARALLEL = 8;

  @TempDir Path data;

  @Test
  void server_overPlainHttp_conformsToEveryVector() throws Exception {
    List<Case> cases = Case.all();
    ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
    ExecutorService readers = Executors.newCachedThreadPool();
    List<Future<@Nullable Void>> runs = new ArrayList<>();

    List<String> failures = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("conformance", data))) {
      for (int i = 0; i < cases.size(); i++) {
        String namespace = "c" + (1_000_000_000L + i);
        runs.add(threads.submit(new CaseRun(cases.get(i), server.uri(), namespace, readers)));
      }
      for (int i = 0; i < cases.size(); i++) {
        failure(runs.get(i), cases.get(i), failures);
      }
    } finally {
      threads.shutdownNow();
      readers.shutdownNow();
    }

    System.out.printf("ConformanceTest: %d cases, %d failed%n", cases.size(), failures.size());
    assertThat(failures).isEmpty();
  }

  @Test
  void vectors_areMany_andNamedOnce() throws IOException {
    List<Case> cases = Case.all();

    assertThat(cases).hasSizeGreaterThanOrEqualTo(CASES_MIN);
    assertThat(cases)
        .extracting(vector -> vector.group() + "/" + vector.name())
        .doesNotHaveDuplicates();
  }

  private static void failure(Future<@Nullable Void> run, Case vector, List<String> failures)
      throws InterruptedException {
    try {
      run.get();
    } catch (ExecutionException e) {
      failures.add(vector.group() + "/" + vector.name() + ": " + e.getCause());
    }
  }
}
