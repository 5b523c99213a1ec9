package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * The store of an actor system: the one given by {@link PostgresStoreSetup}, else one opened as
 * configured and closed with the system.
 */
final class PostgresStoreExtension implements Extension {
  private static final Id ID = new Id();

  private final PostgresStore store;

  private PostgresStoreExtension(PostgresStore store) {
    this.store = store;
  }

  static PostgresStoreExtension get(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  PostgresStore store() {
    return store;
  }

  /** Whether plug-ins publish the commands they were sent, as tests of plug-ins ask for. */
  static boolean publishesCommands(ClassicActorSystemProvider system) {
    Config config = system.classicSystem().settings().config();
    String path = "pekko.persistence.publish-plugin-commands";
    return config.hasPath(path) && config.getBoolean(path);
  }

  private static final class Id extends AbstractExtensionId<PostgresStoreExtension> {
    @Override
    public PostgresStoreExtension createExtension(ExtendedActorSystem system) {
      return system
          .settings()
          .setup()
          .get(PostgresStoreSetup.class)
          .map(setup -> new PostgresStoreExtension(setup.store()))
          .orElseGet(() -> new PostgresStoreExtension(openConfigured(system)));
    }

    private static PostgresStore openConfigured(ExtendedActorSystem system) {
      PostgresStore store = PostgresStore.open(PostgresSettings.from(system.settings().config()));
      system.getWhenTerminated().whenCompleteAsync((done, failed) -> store.close(), Runnable::run);
      return store;
    }
  }
}
