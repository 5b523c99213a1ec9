package io.mayfly.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractCommand;
import io.mayfly.actors.contract.ContractEvent;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.actors.lease.LeaseEvent;
import io.mayfly.actors.lease.LeaseState;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseReply;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jackson does not read sealed families: what is sealed must be listed, under a name of its own.
 */
final class WireContractTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        EntryEvent.class,
        EntryState.class,
        EntryCommand.class,
        EntryReply.class,
        Change.class,
        ContractEvent.class,
        ContractCommand.class,
        ContractAnswer.class,
        ContractReply.class,
        LeaseEvent.class,
        LeaseState.class,
        LeaseCommand.class,
        LeaseReply.class
      })
  void sealedFamily_isListedInFull(Class<?> family) {
    JsonSubTypes.Type[] listed =
        Objects.requireNonNull(family.getAnnotation(JsonSubTypes.class)).value();

    assertThat(Arrays.stream(listed).<Class<?>>map(JsonSubTypes.Type::value))
        .containsExactlyInAnyOrderElementsOf(SealedFamily.members(family));
    assertThat(Arrays.stream(listed).map(JsonSubTypes.Type::name))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
  }

  @Test
  void families_keepTheirNames() {
    assertThat(WireSerializer.FAMILIES.keySet())
        .containsExactly(
            "entry-event",
            "entry-state",
            "entry-request",
            "entry-command",
            "entry-reply",
            "contract-event",
            "contract-state",
            "contract-request",
            "contract-answer",
            "lease-event",
            "lease-state",
            "lease-request",
            "lease-command",
            "lease-reply",
            "list-query",
            "list-page");
  }
}
