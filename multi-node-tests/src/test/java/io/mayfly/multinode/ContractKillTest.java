package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.history.ContractRecord;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.Author;
import io.mayfly.multinode.traffic.ContractClient;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change of a contract that was acknowledged outlives SIGKILL, with its version and ETag, and is
 * in force as a whole; one whose answer never came is there as a whole or not at all.
 */
final class ContractKillTest {
  private static final int AUTHORS = 8;
  private static final int WRITERS = 8;
  private static final int CONTRACTS = 48;
  private static final int KEYS = 16;

  private final List<ContractRecord> contracts =
      IntStream.range(0, CONTRACTS).mapToObj(i -> new ContractRecord("law-" + i)).toList();
  private final ExecutorService threads = Executors.newFixedThreadPool(AUTHORS + WRITERS);
  private int probes;

  @TempDir Path data;

  @Test
  void acknowledgedChanges_killedUnderLoad_areInForceAsAWhole() throws Exception {
    SplittableRandom random = Seed.random("ContractKillTest");
    ServerSpec spec = ServerSpec.of("contract-kill", data);

    int acknowledged = 0;
    int written = 0;
    for (int round = 0; round < Seed.rounds(3); round++) {
      try (ServerProcess server = ServerProcess.start(spec)) {
        verify(server);
        CountDownLatch wanted = new CountDownLatch(random.nextInt(150, 500));
        List<Future<Integer>> authors = startAuthors(server, random, wanted);
        List<Future<Integer>> writers = startWriters(server, random);
        boolean enough = wanted.await(60, TimeUnit.SECONDS);
        server.kill();
        acknowledged += sum(authors);
        written += sum(writers);
        assertThat(enough).as("acknowledged within 60 s: %s", acknowledged).isTrue();
      }
    }
    try (ServerProcess server = ServerProcess.start(spec)) {
      verify(server);
    }

    threads.shutdownNow();
    System.out.printf(
        "ContractKillTest: %d changes acknowledged, %d requests beside them%n",
        acknowledged, written);
    assertThat(written).isPositive();
  }

  private List<Future<Integer>> startAuthors(
      ServerProcess server, SplittableRandom random, CountDownLatch wanted) {
    ContractClient client = new ContractClient(server.uri());
    List<Future<Integer>> authors = new ArrayList<>();
    for (int i = 0; i < AUTHORS; i++) {
      int number = i;
      List<ContractRecord> own =
          IntStream.range(0, CONTRACTS)
              .filter(contract -> contract % AUTHORS == number)
              .mapToObj(contracts::get)
              .toList();
      authors.add(threads.submit(new Author(client, own, random.split(), wanted)));
    }
    return authors;
  }

  private List<Future<Integer>> startWriters(ServerProcess server, SplittableRandom random) {
    StateClient client = new StateClient(server.uri());
    return IntStream.range(0, WRITERS)
        .mapToObj(i -> random.split())
        .map(own -> threads.submit(() -> write(client, own)))
        .toList();
  }

  /**
   * Writes under contracts that change, until the server is gone: no request is lost in between.
   */
  private static Integer write(StateClient client, SplittableRandom random) {
    int written = 0;
    try {
      while (true) {
        EntryId id = new EntryId("law-" + random.nextInt(CONTRACTS), "k" + random.nextInt(KEYS));
        Answer answer = client.put(id, "ttl=" + random.nextInt(30, 90) + "s", "1");
        assertThat(answer.status()).as(id + ": " + answer).isIn(200, 201, 422, 503);
        written++;
      }
    } catch (IOException e) {
      return written;
    }
  }

  private static int sum(List<Future<Integer>> counts) throws Exception {
    int sum = 0;
    for (Future<Integer> count : counts) {
      sum += count.get(30, TimeUnit.SECONDS);
    }
    return sum;
  }

  private void verify(ServerProcess server) throws IOException {
    ContractClient client = new ContractClient(server.uri());
    StateClient entries = new StateClient(server.uri());
    List<String> shown = new ArrayList<>();
    for (ContractRecord contract : contracts) {
      Answer answer = client.get(contract.namespace());
      contract.observed(answer);
      if (answer.status() == 200) {
        shown.add(contract.namespace());
      }
      requireInForce(contract, entries);
    }
    List<String> listed = new ArrayList<>();
    for (JsonNode document : client.list().json().path("contracts")) {
      listed.add(document.path("namespace").asText());
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(shown);
  }

  /** The limit that the text names is the one that requests meet. */
  private void requireInForce(ContractRecord contract, StateClient entries) throws IOException {
    EntryId id = new EntryId(contract.namespace(), "probe-" + probes++);
    long maxSeconds = contract.number().map(ContractRecord::maxSeconds).orElse(7 * 86_400L);
    Answer beyond = entries.put(id, "ttl=" + (maxSeconds + 1) + "s", "1");
    assertThat(beyond.status()).as(contract.namespace() + ": " + beyond).isEqualTo(422);
    assertThat(beyond.body()).contains("lifetime.max");
    Answer within = entries.put(id, "ttl=" + maxSeconds + "s", "1");
    assertThat(within.status()).as(contract.namespace() + ": " + within).isEqualTo(201);
  }
}
