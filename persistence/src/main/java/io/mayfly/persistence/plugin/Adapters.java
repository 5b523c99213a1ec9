package io.mayfly.persistence.plugin;

import java.util.List;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.EventAdapter;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.journal.IdentityEventAdapter$;
import org.apache.pekko.persistence.journal.NoopWriteEventAdapter;
import scala.jdk.javaapi.CollectionConverters;

/** Applies the event adapters that are configured for the journal, as Pekko's own journals do. */
public final class Adapters {
  private final EventAdapters adapters;

  /** The adapters of one journal. */
  public Adapters(EventAdapters adapters) {
    this.adapters = adapters;
  }

  /** The event as it is stored. */
  public PersistentRepr toJournal(PersistentRepr event) {
    EventAdapter adapter = adapters.get(event.payload().getClass());
    if (adapter == IdentityEventAdapter$.MODULE$ || adapter instanceof NoopWriteEventAdapter) {
      return event;
    }
    return event
        .withPayload(adapter.toJournal(event.payload()))
        .withManifest(adapter.manifest(event.payload()));
  }

  /** The events that a stored one stands for. */
  public List<PersistentRepr> fromJournal(PersistentRepr event) {
    EventAdapter adapter = adapters.get(event.payload().getClass());
    if (adapter == IdentityEventAdapter$.MODULE$) {
      return List.of(event);
    }
    return CollectionConverters.asJava(
            adapter.fromJournal(event.payload(), event.manifest()).events())
        .stream()
        .map(event::withPayload)
        .toList();
  }
}
