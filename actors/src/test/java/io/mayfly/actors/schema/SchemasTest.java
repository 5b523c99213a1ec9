package io.mayfly.actors.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemasTest {
  private static final String CART =
      """
      {"type":"object","required":["items"],"additionalProperties":false,
       "properties":{"items":{"type":"array","items":{"$ref":"#/$defs/item"}},
                     "count":{"type":"integer","maximum":18446744073709551614}},
       "$defs":{"item":{"type":"object","properties":{"sku":{"type":"string","pattern":"^[a-z]+$"}}}}}
      """;

  private static ValueRule rule(String schema) {
    assertThat(Schemas.problems(Json.value(schema))).isEmpty();
    return Schemas.rule(Json.value(schema), false);
  }

  private static String broken(ValueRule rule, String value) {
    return rule.broken(Json.value(value)).stream()
        .map(Violation::pointer)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Test
  void value_isHeldToItsSchema() {
    ValueRule rule = rule(CART);

    assertThat(rule.broken(Json.value("{\"items\":[{\"sku\":\"ab\"}],\"count\":3}"))).isEmpty();
    assertThat(broken(rule, "{\"items\":[{\"sku\":\"ab\"},{\"sku\":\"A1\"}]}"))
        .isEqualTo("/items/1/sku");
    assertThat(broken(rule, "{\"items\":3,\"count\":\"x\"}")).isEqualTo("/count /items");
    assertThat(rule.broken(Json.value("[]")))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.rule()).isEqualTo("schema");
              assertThat(violation.pointer()).isEmpty();
              assertThat(violation.detail()).isNotBlank();
            });
  }

  @Test
  void pointer_escapesWhatRfc6901Says() {
    ValueRule rule = rule("{\"additionalProperties\":{\"type\":\"string\"}}");

    assertThat(broken(rule, "{\"a/b~c\":1}")).isEqualTo("/a~1b~0c");
  }

  @Test
  void wideInteger_isComparedExactly() {
    ValueRule rule = rule(CART);

    assertThat(broken(rule, "{\"items\":[],\"count\":18446744073709551614}")).isEmpty();
    assertThat(broken(rule, "{\"items\":[],\"count\":18446744073709551615}")).isEqualTo("/count");
  }

  @Test
  void byteString_countsAsBase64UrlText() {
    ValueRule rule = rule("{\"const\":\"_-8\"}");

    assertThat(rule.broken(new Value(new byte[] {0x42, (byte) 0xFF, (byte) 0xEF}))).isEmpty();
    assertThat(rule.broken(new Value(new byte[] {0x42, 0, 0}))).hasSize(1);
  }

  @Test
  void confidentialValue_isNotTold() {
    ValueRule rule =
        Schemas.rule(
            Json.value(
                """
                {"properties":{"pin":{"enum":["0000"]},"tag":{"const":"x"}},
                 "patternProperties":{"^person":{"type":"integer"}},
                 "propertyNames":{"maxLength":12}}
                """),
            true);

    List<Violation> violations =
        rule.broken(
            Json.value(
                "{\"pin\":\"secret-1\",\"tag\":\"secret-2\",\"person-secret-3\":\"secret-4\"}"));

    assertThat(violations).hasSizeGreaterThanOrEqualTo(4);
    assertThat(violations.toString()).doesNotContain("secret").doesNotContain("person-");
    assertThat(violations).extracting(Violation::pointer).contains("/pin", "/tag", "");
  }

  @Test
  void manyViolations_areCutShort() {
    String numbers =
        IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(","));

    assertThat(rule("{\"items\":{\"type\":\"string\"}}").broken(Json.value("[" + numbers + "]")))
        .hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "{}",
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}",
        "{\"$ref\":\"#here\",\"$defs\":{\"a\":{\"$anchor\":\"here\"}}}",
        "{\"properties\":{\"left\":{\"$ref\":\"#\"},\"right\":{\"$ref\":\"#\"}}}",
        "{\"anyOf\":[{\"type\":\"string\"},{\"items\":{\"$ref\":\"#\"}},"
            + "{\"additionalProperties\":{\"$ref\":\"#\"}}]}",
        "{\"properties\":{\"$ref\":{\"type\":\"string\"},\"pattern\":{\"type\":\"string\"}}}",
        "{\"format\":\"no-such-format\",\"x-note\":\"unknown keywords are notes\"}",
        "{\"enum\":[{\"$ref\":\"http://example.com\"}]}",
      })
  void schema_isAccepted(String schema) {
    assertThat(Schemas.problems(Json.value(schema))).isEmpty();
    assertThat(Schemas.rule(Json.value(schema), false).broken(Json.value("{\"a\":[1]}")))
        .isNotNull();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'type':'strin'} | /schema/type",
        "{'type':7} | /schema/type",
        "{'properties':{'a':{'minLength':-1}}} | /schema/properties/a/minLength",
        "{'required':'a'} | /schema/required",
        "{'$ref':'http://example.com/schema'} | /schema/$ref",
        "{'properties':{'a':{'$ref':'other.json'}}} | /schema/properties/a/$ref",
        "{'$ref':'#/$defs/missing'} | /schema/$ref",
        "{'$ref':'#/enum/0','enum':[{}]} | /schema/$ref",
        "{'$ref':'#nowhere'} | /schema/$ref",
        "{'$ref':'#'} | /schema",
        "{'$defs':{'a':{'allOf':[{'$ref':'#/$defs/a'}]}}} | /schema",
        "{'$id':'http://example.com/x'} | /schema/$id",
        "{'$schema':'http://json-schema.org/draft-07/schema#'} | /schema/$schema",
        "{'$dynamicRef':'#a'} | /schema/$dynamicRef",
        "{'pattern':'('} | /schema/pattern",
        "{'pattern':'(a)\\\\1'} | /schema/pattern",
        "{'pattern':'(?=a)b'} | /schema/pattern",
        "{'patternProperties':{'(?!a/b)':true}} | /schema/patternProperties/(?!a~1b)",
        "{'allOf':[{'items':{'$ref':'#'}},{'items':{'$ref':'#'}}]} | /schema",
      })
  void schema_isRefusedWithAPointer(String schema, String pointer) {
    List<Violation> problems = Schemas.problems(Json.value(schema.replace('\'', '"')));

    assertThat(problems).isNotEmpty();
    assertThat(problems.get(0).pointer()).isEqualTo(pointer);
    assertThat(problems.get(0).rule()).isEqualTo("schema");
    assertThat(problems.get(0).detail()).isNotBlank();
  }

  @Test
  void doublingReferences_areRefused() {
    String definitions =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]}"
                        .formatted(i, i + 1, i + 1))
            .collect(Collectors.joining(","));
    String schema =
        "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + ",\"d40\":{\"type\":\"object\"}}}";

    assertThat(Schemas.problems(Json.value(schema)))
        .extracting(Violation::pointer)
        .containsExactly("/schema");
  }

  @Test
  void patternThatWouldBacktrack_isQuick() {
    ValueRule rule = rule("{\"pattern\":\"^(a+)+$\"}");
    String text = '"' + "a".repeat(60_000) + "!\"";

    List<Violation> violations =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> rule.broken(Json.value(text)));

    assertThat(violations).hasSize(1);
  }
}
