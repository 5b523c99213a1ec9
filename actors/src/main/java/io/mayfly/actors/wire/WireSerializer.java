package io.mayfly.actors.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractEvent;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.actors.contract.ContractState;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.lease.LeaseEvent;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.actors.lease.LeaseState;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.ledger.ListPage;
import io.mayfly.protocol.ledger.ListQuery;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;

/**
 * Messages, events and snapshots as CBOR maps. The manifest names the family, a property in the map
 * the member; class names appear nowhere, so that classes can move.
 */
public final class WireSerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 17_951;

  /** The families and their names; a name is never given to another family. */
  static final Map<String, Class<? extends WireMessage>> FAMILIES = families();

  private final Map<String, ObjectReader> readers = new LinkedHashMap<>();
  private final Map<String, ObjectWriter> writers = new LinkedHashMap<>();

  /** Called by Pekko. */
  public WireSerializer(ExtendedActorSystem system) {
    ObjectMapper mapper =
        JacksonObjectMapperProvider.get(system)
            .getOrCreate("jackson-cbor", Optional.empty())
            .copy()
            .setSerializationInclusion(JsonInclude.Include.NON_NULL);
    FAMILIES.forEach(
        (name, family) -> {
          readers.put(name, mapper.readerFor(family));
          writers.put(name, mapper.writerFor(family));
        });
  }

  private static Map<String, Class<? extends WireMessage>> families() {
    Map<String, Class<? extends WireMessage>> families = new LinkedHashMap<>();
    families.put("entry-event", EntryEvent.class);
    families.put("entry-state", EntryState.class);
    families.put("entry-request", EntryRequest.class);
    families.put("entry-command", EntryCommand.class);
    families.put("entry-reply", EntryReply.class);
    families.put("contract-event", ContractEvent.class);
    families.put("contract-state", ContractState.class);
    families.put("contract-request", ContractRequest.class);
    families.put("contract-answer", ContractAnswer.class);
    families.put("lease-event", LeaseEvent.class);
    families.put("lease-state", LeaseState.class);
    families.put("lease-request", LeaseRequest.class);
    families.put("lease-command", LeaseCommand.class);
    families.put("lease-reply", LeaseReply.class);
    families.put("list-query", ListQuery.class);
    families.put("list-page", ListPage.class);
    return families;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    for (Map.Entry<String, Class<? extends WireMessage>> family : FAMILIES.entrySet()) {
      if (family.getValue().isInstance(message)) {
        return family.getKey();
      }
    }
    throw new IllegalArgumentException("no family for " + message.getClass().getName());
  }

  @Override
  public byte[] toBinary(Object message) {
    String manifest = manifest(message);
    try {
      return of(writers, manifest).writeValueAsBytes(message);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + manifest, e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return of(readers, manifest).readValue(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + manifest, e);
    }
  }

  private static <T> T of(Map<String, T> codecs, String manifest) {
    T codec = codecs.get(manifest);
    if (codec == null) {
      throw new IllegalArgumentException("no family is named " + manifest);
    }
    return codec;
  }
}
