package io.mayfly.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractCommand;
import io.mayfly.actors.contract.ContractEvent;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.Fact;
import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.actors.lease.LeaseEvent;
import io.mayfly.actors.lease.LeaseState;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseReply;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jackson does not read sealed families: what is sealed must be listed, under a name of its own.
 */
final class WireContractTest {
  private static final CBORMapper CBOR = new CBORMapper();
  private static final ActorTestKit KIT = ActorTestKit.create("wire-contract");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

  private static final EntryEvent ENDED =
      new EntryEvent.Ended(
          new Fact(
              new EntryId("ns", "key"),
              new Version(7, 2),
              40,
              Origin.UNKNOWN,
              30,
              32,
              true,
              null,
              0),
          EndReason.EXPIRED,
          30,
          600);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

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
            "entry-event-2",
            "entry-event",
            "entry-state-2",
            "entry-state",
            "entry-request",
            "entry-command",
            "entry-reply",
            "forwarded-request",
            "forwarded-reply",
            "contract-event",
            "contract-state",
            "contract-request",
            "contract-answer",
            "lease-event-2",
            "lease-event",
            "lease-state-2",
            "lease-state",
            "lease-request",
            "lease-command",
            "lease-reply",
            "list-query",
            "list-page");
  }

  @Test
  void record_ofALaterVersion_isReadWithoutItsNewPlaces() throws IOException {
    ArrayNode event = spelt(ENDED);
    ((ArrayNode) event.get(1)).add("new");
    ((ArrayNode) event.get(1).get(0)).addObject().put("new", 1);

    assertThat(read(event)).isEqualTo(ENDED);
  }

  @Test
  void record_ofAnEarlierVersion_hasNothingInThePlacesThatItLacks() throws IOException {
    ArrayNode event = spelt(ENDED);
    ArrayNode fact = (ArrayNode) event.get(1).get(0);
    fact.remove(fact.size() - 1);

    assertThat(read(event)).isEqualTo(ENDED);
  }

  private static ArrayNode spelt(EntryEvent event) throws IOException {
    return (ArrayNode) CBOR.readTree(WIRE.toBinary(event));
  }

  private static Object read(ArrayNode event) throws IOException {
    return WIRE.fromBinary(CBOR.writeValueAsBytes(event), WIRE.manifest(ENDED));
  }
}
