package io.mayfly.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is spelt by hand is read as what it was, also by another version. */
final class ForwardedSpellingTest {
  private static final CBORMapper CBOR = new CBORMapper();
  private static final ActorTestKit KIT = ActorTestKit.create("forwarded-spelling");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));
  private static final EntryId ID = new EntryId("ns", "k\u00e4y/\ud83d\ude00");
  private static final Instant FINE = Instant.parse("2026-06-01T12:00:00.123456789Z");
  private static final Value VALUE = new Value(new byte[] {0x63, 'a', 'b', 'c'});

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static EntryReply found(Instant instant) {
    return new EntryReply.Found(
        new EntryView(
            new Version(7, 2), instant, instant, instant, Durability.SYNCED, VALUE, null));
  }

  static Stream<WireMessage> messages() {
    Terms endless = Terms.NONE.with(new Lifespan(Duration.ofSeconds(Long.MAX_VALUE, 1), null));
    return Stream.of(
        new ForwardedRequest(1, ID, EntryCommand.Read.CURRENT, 0, Long.MAX_VALUE, null),
        new ForwardedRequest(Long.MAX_VALUE, ID, EntryCommand.Settle.NOW, 1, 2, "trace"),
        new ForwardedRequest(2, ID, new EntryCommand.Put(VALUE, FINE, endless), 1, 2, ""),
        new ForwardedReply(3, true, null),
        new ForwardedReply(4, false, found(FINE)),
        new ForwardedReply(5, false, found(Instant.MAX)),
        new ForwardedReply(6, true, found(Instant.EPOCH)),
        new ForwardedReply(
            7,
            false,
            new EntryReply.Found(
                ((EntryReply.Found) found(FINE)).view().with(new VersionVector(Map.of("a", 3L))))),
        new ForwardedReply(8, false, Refusal.of(Refusal.Reason.NOT_BEGUN)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void message_isReadAsWhatItWas(WireMessage message) throws IOException {
    assertThat(WIRE.fromBinary(WIRE.toBinary(message), WIRE.manifest(message))).isEqualTo(message);
  }

  @Test
  void messages_ofALaterVersion_areReadWithoutTheirNewPlaces() throws IOException {
    for (WireMessage message : messages().toList()) {
      ArrayNode spelt = (ArrayNode) CBOR.readTree(WIRE.toBinary(message));
      spelt.addObject().putArray("new").add(1);

      assertThat(WIRE.fromBinary(CBOR.writeValueAsBytes(spelt), WIRE.manifest(message)))
          .isEqualTo(message);
    }
  }
}
