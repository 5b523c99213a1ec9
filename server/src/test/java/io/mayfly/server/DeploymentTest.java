package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The files in {@code deploy} say nothing that the configuration and the code do not know. */
final class DeploymentTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Config SHIPPED =
      Configuration.load(Path.of("..", "application.conf"), Map.of());

  private static JsonNode document(String kind, String name) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(DEPLOY.resolve("kubernetes"))) {
      for (Path file : files.sorted().toList()) {
        try (MappingIterator<JsonNode> documents =
            YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
          documents.forEachRemaining(found::add);
        }
      }
    }
    return found.stream()
        .filter(document -> document.path("kind").asText().equals(kind))
        .filter(document -> document.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode pod() throws IOException {
    return document("StatefulSet", "mayfly").at("/spec/template/spec");
  }

  private static JsonNode container() throws IOException {
    return pod().at("/containers/0");
  }

  /** The configuration of a pod, in its environment. */
  private static Config configuration() throws IOException {
    String text = document("ConfigMap", "mayfly").at("/data/cluster.conf").asText();
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : container().path("env")) {
      environment.put(variable.path("name").asText(), "10.0.0.7");
    }
    return ConfigFactory.parseString(text, ConfigParseOptions.defaults())
        .resolveWith(ConfigFactory.parseMap(environment), ConfigResolveOptions.noSystem());
  }

  @Test
  void configuration_namesOnlySettingsThatThereAre() throws IOException {
    Config configuration = configuration();

    assertThat(configuration.entrySet()).hasSizeGreaterThan(10);
    configuration
        .entrySet()
        .forEach(entry -> assertThat(SHIPPED.hasPath(entry.getKey())).as(entry.getKey()).isTrue());
    Config whole = ClusterSettings.applied(configuration.withFallback(SHIPPED));
    assertThat(whole.getString("pekko.discovery.kubernetes-api.class")).contains("Kubernetes");
    assertThat(
            whole.getString(
                "pekko.management.cluster.bootstrap.contact-point-discovery.discovery-method"))
        .isEqualTo("kubernetes-api");
  }

  @Test
  void ports_areThoseOfTheConfiguration() throws IOException {
    Config configuration = configuration();
    Map<String, Integer> ports = new HashMap<>();
    container()
        .path("ports")
        .forEach(port -> ports.put(port.path("name").asText(), port.path("containerPort").asInt()));

    assertThat(ports)
        .containsEntry("http", configuration.getInt("mayfly.http.port"))
        .containsEntry("remoting", configuration.getInt("mayfly.cluster.port"))
        .containsEntry("management", configuration.getInt("mayfly.cluster.bootstrap.port"));
    for (String service : List.of("mayfly", "mayfly-nodes")) {
      JsonNode port = document("Service", service).at("/spec/ports/0");
      assertThat(ports).containsKey(port.path("targetPort").asText());
    }
    String dockerfile = Files.readString(DEPLOY.resolve("Dockerfile"));
    ports.values().forEach(port -> assertThat(dockerfile).containsPattern("EXPOSE.* " + port));
  }

  @Test
  void probes_askPathsThatThereAre() throws IOException {
    JsonNode paths =
        new ObjectMapper()
            .readTree(DeploymentTest.class.getResource("/io/mayfly/http/openapi.json"))
            .path("paths");

    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      JsonNode asked = container().path(probe).path("httpGet");
      assertThat(paths.has(asked.path("path").asText())).as(probe).isTrue();
      assertThat(asked.path("port").asText()).as(probe).isEqualTo("http");
    }
  }

  @Test
  void discovery_findsThePodsAndMayLookForThem() throws IOException {
    String service = configuration().getString("mayfly.cluster.bootstrap.service");
    JsonNode rule = document("Role", "mayfly-discovery").at("/rules/0");

    assertThat(SHIPPED.getString("pekko.discovery.kubernetes-api.pod-label-selector"))
        .isEqualTo("app=%s");
    assertThat(document("StatefulSet", "mayfly").at("/spec/template/metadata/labels/app").asText())
        .isEqualTo(service);
    assertThat(texts(rule.path("resources"))).containsExactly("pods");
    assertThat(texts(rule.path("verbs"))).contains("get", "list", "watch");
    assertThat(pod().path("serviceAccountName").asText())
        .isEqualTo(document("RoleBinding", "mayfly-discovery").at("/subjects/0/name").asText());
  }

  @Test
  void nodesThatMayBeAway_leaveAMajority() throws IOException {
    int nodes = configuration().getInt("mayfly.cluster.nodes");
    int away = document("PodDisruptionBudget", "mayfly").at("/spec/maxUnavailable").asInt();

    assertThat(document("StatefulSet", "mayfly").at("/spec/replicas").asInt()).isEqualTo(nodes);
    assertThat(nodes - away).isGreaterThan(nodes / 2);
    assertThat(pod().path("terminationGracePeriodSeconds").asLong())
        .isGreaterThan(
            configuration().getDuration("mayfly.stop.patience").plusSeconds(40).toSeconds());
  }

  @Test
  void image_runsTheMainClassFromThePackagedDirectory() throws IOException {
    String dockerfile = Files.readString(DEPLOY.resolve("Dockerfile"));

    assertThat(dockerfile)
        .contains("\"" + Main.class.getName() + "\"")
        .contains("/src/server/target/mayfly/lib /opt/mayfly/lib")
        .contains("USER " + pod().at("/securityContext/runAsUser").asText());
    assertThat(texts(container().path("args"))).startsWith("server", "--config");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
