package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.pressure.Queues;
import io.mayfly.protocol.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
  private static final Set<String> HEADER_PARAMETERS =
      Set.of(
          "If-Match",
          "If-None-Match",
          "Last-Event-ID",
          "Prefer",
          "Mayfly-Timeout",
          "Mayfly-Producer",
          "Mayfly-Sequence",
          "Mayfly-Version-Vector",
          "Mayfly-Written-At",
          "Mayfly-Fence",
          "Idempotency-Key",
          "traceparent");

  private static final Health WELL =
      new Health() {
        @Override
        public boolean live() {
          return true;
        }

        @Override
        public boolean ready() {
          return true;
        }
      };

  private static final ActorSystem<Void> SYSTEM = ActorSystem.create(Behaviors.empty(), "openapi");

  private final JsonNode document = read();

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  private static JsonNode read() {
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Route route(String name) {
    return Objects.requireNonNull(table().get(name));
  }

  private static final WatchChannels.Clock STILL =
      new WatchChannels.Clock() {
        @Override
        public void after(Duration delay, Runnable task) {}

        @Override
        public Runnable every(Duration interval, Runnable task) {
          return () -> {};
        }
      };

  private static Map<String, Route> table() {
    FakeEntries fake = new FakeEntries(() -> TestServer.START);
    HttpSettings settings = HttpSettings.from(ConfigFactory.load());
    HttpApi.Ports ports =
        new HttpApi.Ports(
            fake,
            new FakeLeases(),
            fake,
            new Feeds(new FakeFeed(), new FakeFeed()),
            Contracts.of(any -> Contract.STANDARD),
            new FakeContracts(),
            () -> TestServer.START,
            WELL,
            () -> "",
            CompletableFuture::new,
            Queues.NONE,
            Telemetry.NONE);
    WatchChannels noWatchers =
        new WatchChannels(
            STILL,
            ports.feeds(),
            WELL,
            settings.watch(),
            new WatchChannels.Reporting(Telemetry.NONE, ports.clock()));
    Supplier<Materializer> nothingRuns =
        () -> {
          throw new IllegalStateException("nothing runs here");
        };
    Routes routes =
        Routes.of(
            new EntryReads(fake),
            new EntryMutations(fake),
            new EntryLists(fake, fake, () -> TestServer.START, settings),
            new ContractRoutes(new FakeContracts()),
            new Batches(nothingRuns, ports, settings),
            new Reconciliation(nothingRuns, ports, settings),
            new LeaseRoutes(new FakeLeases()),
            new WatchRoutes(ports, noWatchers, settings),
            new PressureRoute(new Door(SYSTEM, settings, ports), WELL, nothingRuns, settings),
            new Operations(WELL, () -> "", CompletableFuture::new));
    Map<String, Route> table = new TreeMap<>();
    for (Route route : routes.all()) {
      table.put(route.method() + " " + route.template() + " " + route.operationId(), route);
    }
    return table;
  }

  private Map<String, JsonNode> documented() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        member -> {
                          if (!member.getKey().equals("parameters")) {
                            operations.put(
                                member.getKey().toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey()
                                    + " "
                                    + member.getValue().get("operationId").asText(),
                                member.getValue());
                          }
                        }));
    return operations;
  }

  private Set<String> parameters(JsonNode holder, String in) {
    Set<String> names = new TreeSet<>();
    for (JsonNode reference : holder.path("parameters")) {
      JsonNode parameter = document.at(reference.get("$ref").asText().substring(1));
      if (parameter.get("in").asText().equals(in)) {
        names.add(parameter.get("name").asText());
      }
    }
    return names;
  }

  @Test
  void document_againstRouteTable_hasTheSameOperations() {
    assertThat(documented().keySet()).isEqualTo(table().keySet());
  }

  @Test
  void document_againstRouteTable_hasTheSameQueryParameters() {
    documented()
        .forEach(
            (name, operation) -> {
              Set<String> read = new TreeSet<>();
              route(name).parameters().forEach(parameter -> read.add(parameter.text()));
              assertThat(parameters(operation, "query")).as(name).isEqualTo(read);
              assertThat(HEADER_PARAMETERS).as(name).containsAll(parameters(operation, "header"));
            });
  }

  @Test
  void document_ofEachOperation_namesTheRightThatItNeeds() {
    documented()
        .forEach(
            (name, operation) -> {
              Need need = route(name).need();
              assertThat(operation.path("x-mayfly-right").asText()).as(name).isEqualTo(need.text());
              assertThat(operation.path("security").toString())
                  .as(name)
                  .isEqualTo(need == Need.NONE ? "[]" : "[{\"bearer\":[]}]");
            });
    assertThat(document.at("/components/securitySchemes/bearer/scheme").asText())
        .isEqualTo("bearer");
  }

  @Test
  void table_withoutToken_servesOnlyPageDocumentAndHealth() {
    Set<String> open = new TreeSet<>();
    table()
        .forEach(
            (name, route) -> {
              if (route.need() == Need.NONE) {
                open.add(route.method() + ' ' + route.template());
              }
            });

    assertThat(open)
        .containsExactly("GET /", "GET /health/live", "GET /health/ready", "GET /openapi.json");
  }

  @Test
  void document_ofEachPath_namesItsVariableSegments() {
    document
        .get("paths")
        .properties()
        .forEach(
            path -> {
              Set<String> variables = new TreeSet<>();
              for (String segment : path.getKey().split("/", -1)) {
                if (segment.startsWith("{")) {
                  variables.add(segment.substring(1, segment.length() - 1));
                }
              }
              assertThat(parameters(path.getValue(), "path"))
                  .as(path.getKey())
                  .isEqualTo(variables);
            });
  }

  @Test
  void document_ofEachOperation_namesItsProblems() {
    documented()
        .forEach(
            (name, operation) -> {
              Map<String, String> expected = new TreeMap<>();
              for (ProblemType type : route(name).problems()) {
                expected.put(type.urn(), Integer.toString(type.status()));
              }
              assertThat(problems(name, operation)).as(name).isEqualTo(expected);
            });
  }

  private static Map<String, String> problems(String name, JsonNode operation) {
    Map<String, String> problems = new TreeMap<>();
    operation
        .get("responses")
        .properties()
        .forEach(
            response -> {
              if (response.getKey().compareTo("400") >= 0) {
                assertThat(
                        response
                            .getValue()
                            .at("/content/application~1problem+json/schema/$ref")
                            .asText())
                    .as(name + " " + response.getKey())
                    .isEqualTo("#/components/schemas/Problem");
                for (JsonNode type : response.getValue().get("x-problem-types")) {
                  problems.put(type.asText(), response.getKey());
                }
              }
            });
    return problems;
  }

  @Test
  void document_ofTheProblemSchema_listsTheCatalogue() {
    Set<String> listed = new TreeSet<>();
    document
        .at("/components/schemas/Problem/properties/type/enum")
        .forEach(type -> listed.add(type.asText()));
    Set<String> catalogue = new TreeSet<>();
    for (ProblemType type : ProblemType.values()) {
      catalogue.add(type.urn());
    }

    assertThat(listed).isEqualTo(catalogue);
  }

  @Test
  void document_everywhere_resolvesItsReferences() {
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }
}
