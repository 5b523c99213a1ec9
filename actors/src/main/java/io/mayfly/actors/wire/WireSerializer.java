package io.mayfly.actors.wire;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractEvent;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.actors.contract.ContractState;
import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
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
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.jspecify.annotations.Nullable;

/**
 * Messages, events and snapshots in CBOR. The manifest names the family, a property of the message
 * the member; class names appear nowhere, so that classes can move.
 *
 * <p>Messages are maps. What a journal keeps, and what crosses between nodes most often, is spelt
 * by place: a record is an array of its components, in their order (ADR 0027, ADR 0029). So a
 * component of such a record keeps its place for ever, and a new one comes last. What is missing
 * there is absent or 0, and what is too much is ignored.
 */
public final class WireSerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 17_951;

  /**
   * The families and their names; a name is never given to another family. Of a family with several
   * names the first is written, and all are read.
   */
  static final Map<String, Family> FAMILIES = families();

  private final Map<String, ObjectReader> readers = new LinkedHashMap<>();
  private final Map<String, ObjectWriter> writers = new LinkedHashMap<>();

  /** How records are spelt. */
  private enum Spelling {
    /** As maps. */
    BY_NAME,
    /** As arrays. */
    BY_PLACE,
    /** As arrays, in which what is read most often is spelt by hand. */
    FORWARDED
  }

  /** A family, and how its records are spelt. */
  record Family(Class<? extends WireMessage> type, Spelling spelling) {
    private static Family byName(Class<? extends WireMessage> type) {
      return new Family(type, Spelling.BY_NAME);
    }

    private static Family byPlace(Class<? extends WireMessage> type) {
      return new Family(type, Spelling.BY_PLACE);
    }

    private static Family forwarded(Class<? extends WireMessage> type) {
      return new Family(type, Spelling.FORWARDED);
    }
  }

  /** Makes arrays of records. */
  private static final class Places extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public JsonFormat.@Nullable Value findFormat(Annotated annotated) {
      return annotated instanceof AnnotatedClass type && type.getRawType().isRecord()
          ? JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY)
          : null;
    }
  }

  /** Called by Pekko. */
  public WireSerializer(ExtendedActorSystem system) {
    ObjectMapper mapper =
        JacksonObjectMapperProvider.get(system)
            .getOrCreate("jackson-cbor", Optional.empty())
            .copy()
            .setSerializationInclusion(JsonInclude.Include.NON_NULL);
    ObjectMapper byPlace =
        mapper
            .copy()
            .setAnnotationIntrospector(
                AnnotationIntrospector.pair(
                    new Places(), mapper.getSerializationConfig().getAnnotationIntrospector()));
    Map<Spelling, ObjectMapper> mappers =
        Map.of(
            Spelling.BY_NAME,
            mapper,
            Spelling.BY_PLACE,
            byPlace,
            Spelling.FORWARDED,
            byPlace.copy().registerModule(ForwardedSpelling.module()));
    FAMILIES.forEach(
        (name, family) -> {
          ObjectMapper own = Objects.requireNonNull(mappers.get(family.spelling()));
          readers.put(name, own.readerFor(family.type()));
          writers.put(name, own.writerFor(family.type()));
        });
  }

  private static Map<String, Family> families() {
    Map<String, Family> families = new LinkedHashMap<>();
    families.put("entry-event-2", Family.byPlace(EntryEvent.class));
    families.put("entry-event", Family.byName(EntryEvent.class));
    families.put("entry-state-2", Family.byPlace(EntryState.class));
    families.put("entry-state", Family.byName(EntryState.class));
    families.put("entry-request", Family.byName(EntryRequest.class));
    families.put("entry-command", Family.byName(EntryCommand.class));
    families.put("entry-reply", Family.byName(EntryReply.class));
    families.put("forwarded-request", Family.forwarded(ForwardedRequest.class));
    families.put("forwarded-reply", Family.forwarded(ForwardedReply.class));
    families.put("contract-event", Family.byName(ContractEvent.class));
    families.put("contract-state", Family.byName(ContractState.class));
    families.put("contract-request", Family.byName(ContractRequest.class));
    families.put("contract-answer", Family.byName(ContractAnswer.class));
    families.put("lease-event-2", Family.byPlace(LeaseEvent.class));
    families.put("lease-event", Family.byName(LeaseEvent.class));
    families.put("lease-state-2", Family.byPlace(LeaseState.class));
    families.put("lease-state", Family.byName(LeaseState.class));
    families.put("lease-request", Family.byName(LeaseRequest.class));
    families.put("lease-command", Family.byName(LeaseCommand.class));
    families.put("lease-reply", Family.byName(LeaseReply.class));
    families.put("list-query", Family.byName(ListQuery.class));
    families.put("list-page", Family.byName(ListPage.class));
    return families;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    for (Map.Entry<String, Family> family : FAMILIES.entrySet()) {
      if (family.getValue().type().isInstance(message)) {
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
