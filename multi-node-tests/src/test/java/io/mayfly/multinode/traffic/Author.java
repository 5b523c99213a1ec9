package io.mayfly.multinode.traffic;

import io.mayfly.multinode.history.ContractRecord;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Changes contracts of its own, one request at a time, until the server is gone: new texts on the
 * condition that the last one stands, and now and then a withdrawal.
 */
public final class Author implements Callable<Integer> {
  private static final int WITHDRAW_ONE_IN = 10;

  private final ContractClient client;
  private final List<ContractRecord> contracts;
  private final SplittableRandom random;
  private final CountDownLatch wanted;
  private int acknowledged;

  /**
   * An author that nobody shares its contracts with.
   *
   * @param wanted counted down by each acknowledgement
   */
  public Author(
      ContractClient client,
      List<ContractRecord> contracts,
      SplittableRandom random,
      CountDownLatch wanted) {
    this.client = client;
    this.contracts = contracts;
    this.random = random;
    this.wanted = wanted;
  }

  /** Writes until an answer fails to come; returns how many were acknowledged. */
  @Override
  public Integer call() {
    try {
      while (true) {
        change(contracts.get(random.nextInt(contracts.size())));
      }
    } catch (IOException e) {
      return acknowledged;
    }
  }

  private void change(ContractRecord contract) throws IOException {
    boolean withdraw = contract.version() > 0 && random.nextInt(WITHDRAW_ONE_IN) == 0;
    long number = random.nextLong(1, 1L << 40);
    contract.sending(withdraw ? OptionalLong.empty() : OptionalLong.of(number));
    Answer answer =
        withdraw
            ? client.withdraw(contract.namespace())
            : client.put(contract.namespace(), contract.version(), ContractRecord.document(number));
    if (answer.isSuccess()) {
      if (withdraw) {
        contract.withdrawn();
      } else {
        contract.observed(answer);
      }
      acknowledged++;
      wanted.countDown();
    } else if (answer.status() == 503 || answer.body().contains("contract-contended")) {
      contract.refused();
    } else {
      throw new AssertionError(contract.namespace() + ": " + answer);
    }
  }
}
