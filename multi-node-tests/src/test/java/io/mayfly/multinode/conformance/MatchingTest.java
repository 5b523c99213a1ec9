package io.mayfly.multinode.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A runner that took every answer would prove nothing. */
final class MatchingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[][] MATCHING = {
    {"{'a':1}", "{'a':1.0,'b':2}"},
    {"{'$exactly':{'a':1}}", "{'a':1}"},
    {"{'a':{'$absent':true}}", "{}"},
    {"[1,{'$any':'text'}]", "[1,'x']"},
    {"{'$any':'instant'}", "'2026-01-02T03:04:05.678Z'"},
    {"{'$any':'etag'}", "'\\'1.2\\''"},
    {"{'$any':'integer'}", "'17'"},
    {"{'$above':3}", "'4'"},
    {"{'$between':[1,5]}", "5"},
    {"{'$not':'a'}", "'b'"},
    {"{'$oneOf':[1,2]}", "2"},
    {"{'$contains':[{'a':1}]}", "[{'b':1},{'a':1,'c':2}]"},
  };
  private static final String[][] DIFFERING = {
    {"{'a':1}", "{'a':2}"},
    {"{'a':1}", "{}"},
    {"{'a':1}", "{'a':'1'}"},
    {"{'a':null}", "{}"},
    {"{'$exactly':{'a':1}}", "{'a':1,'b':2}"},
    {"{'$exactly':{'a':{'b':1}}}", "{'a':{'b':1,'c':1}}"},
    {"{'a':{'$absent':true}}", "{'a':null}"},
    {"[1]", "[1,2]"},
    {"[1,2]", "[2,1]"},
    {"{'$any':'instant'}", "'2026-01-02T03:04:05Z'"},
    {"{'$any':'etag'}", "'1.2'"},
    {"{'$any':'integer'}", "1.5"},
    {"{'a':{'$any':'anything'}}", "{}"},
    {"{'$above':3}", "3"},
    {"{'$between':[1,5]}", "6"},
    {"{'$not':'a'}", "'a'"},
    {"{'a':{'$not':'a'}}", "{}"},
    {"{'$oneOf':[1,2]}", "3"},
    {"{'$contains':[{'a':1}]}", "[{'a':2}]"},
    {"{'a':{'$capture':'x'}}", "{}"},
  };

  @Test
  void document_thatMatches_isTaken() {
    for (String[] pair : MATCHING) {
      Matching.require(json(pair[0]), json(pair[1]), "", new HashMap<>());
    }
  }

  @Test
  void document_thatDiffers_isRefused() {
    for (String[] pair : DIFFERING) {
      assertThatExceptionOfType(Matching.Mismatch.class)
          .as(pair[0] + " and " + pair[1])
          .isThrownBy(() -> Matching.require(json(pair[0]), json(pair[1]), "", new HashMap<>()));
    }
  }

  @Test
  void capture_keepsWhatWasThere() {
    Map<String, JsonNode> captured = new HashMap<>();

    Matching.require(json("{'a':{'$any':'text','$capture':'x'}}"), json("{'a':'y'}"), "", captured);

    assertThat(captured).containsOnly(Map.entry("x", json("'y'")));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace("\\'", "\\\"").replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
