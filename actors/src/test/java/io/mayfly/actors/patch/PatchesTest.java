package io.mayfly.actors.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.Change.MergePatch;
import io.mayfly.protocol.entry.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PatchesTest {
  private static final int BYTES_MAX = 65_536;

  /** RFC 7396, appendix A. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":"b"}         | {"a":"c"}                   | {"a":"c"}
          {"a":"b"}         | {"b":"c"}                   | {"a":"b","b":"c"}
          {"a":"b"}         | {"a":null}                  | {}
          {"a":"b","b":"c"} | {"a":null}                  | {"b":"c"}
          {"a":["b"]}       | {"a":"c"}                   | {"a":"c"}
          {"a":"c"}         | {"a":["b"]}                 | {"a":["b"]}
          {"a":{"b":"c"}}   | {"a":{"b":"d","c":null}}    | {"a":{"b":"d"}}
          {"a":[{"b":"c"}]} | {"a":[1]}                   | {"a":[1]}
          ["a","b"]         | ["c","d"]                   | ["c","d"]
          {"a":"b"}         | ["c"]                       | ["c"]
          {"a":"foo"}       | null                        | null
          {"a":"foo"}       | "bar"                       | "bar"
          {"e":null}        | {"a":1}                     | {"e":null,"a":1}
          [1,2]             | {"a":"b","c":null}          | {"a":"b"}
          {}                | {"a":{"bb":{"ccc":null}}}   | {"a":{"bb":{}}}
          """)
  void mergePatch_ofTheRfc_givesItsResult(String document, String patch, String result)
      throws PatchFailure {
    Value patched = Patches.apply(merge(patch), Json.value(document), BYTES_MAX);

    assertThat(Trees.read(patched)).isEqualTo(Trees.read(Json.value(result)));
  }

  /** RFC 6902, appendix A; A.13 is no patch and ends at the door. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A.1  | {"foo":"bar"}               | {"op":"add","path":"/baz","value":"qux"}       | {"foo":"bar","baz":"qux"}
          A.2  | {"foo":["bar","baz"]}       | {"op":"add","path":"/foo/1","value":"qux"}     | {"foo":["bar","qux","baz"]}
          A.3  | {"baz":"qux","foo":"bar"}   | {"op":"remove","path":"/baz"}                  | {"foo":"bar"}
          A.4  | {"foo":["bar","qux","baz"]} | {"op":"remove","path":"/foo/1"}                | {"foo":["bar","baz"]}
          A.5  | {"baz":"qux","foo":"bar"}   | {"op":"replace","path":"/baz","value":"boo"}   | {"baz":"boo","foo":"bar"}
          A.6  | {"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}} | {"op":"move","from":"/foo/waldo","path":"/qux/thud"} | {"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}
          A.7  | {"foo":["all","grass","cows","eat"]} | {"op":"move","from":"/foo/1","path":"/foo/3"} | {"foo":["all","cows","eat","grass"]}
          A.8  | {"baz":"qux","foo":["a",2,"c"]} | {"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2} | {"baz":"qux","foo":["a",2,"c"]}
          A.10 | {"foo":"bar"}               | {"op":"add","path":"/child","value":{"grandchild":{}}} | {"foo":"bar","child":{"grandchild":{}}}
          A.11 | {"foo":"bar"}               | {"op":"add","path":"/baz","value":"qux","xyz":123} | {"foo":"bar","baz":"qux"}
          A.14 | {"/":9,"~1":10}             | {"op":"test","path":"/~01","value":10}         | {"/":9,"~1":10}
          A.16 | {"foo":["bar"]}             | {"op":"add","path":"/foo/-","value":["abc","def"]} | {"foo":["bar",["abc","def"]]}
          """)
  void jsonPatch_ofTheRfc_givesItsResult(
      String example, String document, String operations, String result) throws PatchFailure {
    Value patched = Patches.apply(Json.patch(operations), Json.value(document), BYTES_MAX);

    assertThat(Trees.read(patched)).as(example).isEqualTo(Trees.read(Json.value(result)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A.9                  | {"baz":"qux"}    | {"op":"test","path":"/baz","value":"bar"}     | test | /0
          A.12                 | {"foo":"bar"}    | {"op":"add","path":"/baz/bat","value":"qux"}  | path | /0
          A.15                 | {"/":9,"~1":10}  | {"op":"test","path":"/~01","value":"10"}      | test | /0
          remove the whole     | {"a":1}          | {"op":"remove","path":""}                     | path | /0
          into its own child   | {"a":{"b":{}}}   | {"op":"move","from":"/a","path":"/a/b/c"}     | from | /0
          root into a child    | {"a":{}}         | {"op":"move","from":"","path":"/a/b"}         | from | /0
          from nowhere         | {"a":1}          | {"op":"move","from":"/b","path":"/c"}         | path | /0
          copy from nowhere    | {"a":1}          | {"op":"copy","from":"/b","path":"/c"}         | path | /0
          replace nothing      | {"a":1}          | {"op":"replace","path":"/b","value":1}        | path | /0
          remove nothing       | {"a":1}          | {"op":"remove","path":"/b"}                   | path | /0
          leading zero         | {"a":[1,2]}      | {"op":"replace","path":"/a/01","value":1}     | path | /0
          double zero          | {"a":[1,2]}      | {"op":"test","path":"/a/00","value":1}        | path | /0
          negative             | {"a":[1,2]}      | {"op":"remove","path":"/a/-1"}                | path | /0
          sign                 | {"a":[1,2]}      | {"op":"remove","path":"/a/+1"}                | path | /0
          foreign digits       | {"a":[1,2]}      | {"op":"remove","path":"/a/١"}                 | path | /0
          exponent             | {"a":[1,2]}      | {"op":"remove","path":"/a/1e0"}               | path | /0
          empty index          | {"a":[1,2]}      | {"op":"remove","path":"/a/"}                  | path | /0
          huge index           | {"a":[1,2]}      | {"op":"remove","path":"/a/99999999999999999"} | path | /0
          add behind the end   | {"a":[1,2]}      | {"op":"add","path":"/a/3","value":1}          | path | /0
          replace the end      | {"a":[1,2]}      | {"op":"replace","path":"/a/-","value":1}      | path | /0
          remove the end       | {"a":[1,2]}      | {"op":"remove","path":"/a/-"}                 | path | /0
          test the end         | {"a":[1,2]}      | {"op":"test","path":"/a/-","value":2}         | path | /0
          remove from nothing  | {"a":[]}         | {"op":"remove","path":"/a/0"}                 | path | /0
          child of a scalar    | {"a":"text"}     | {"op":"add","path":"/a/0","value":1}          | path | /0
          child of null        | {"a":null}       | {"op":"add","path":"/a/b","value":1}          | path | /0
          the second fails     | {"a":1}          | {"op":"remove","path":"/a"},{"op":"remove","path":"/a"} | path | /1
          """)
  void jsonPatch_thatDoesNotApply_namesItsOperation(
      String example, String document, String operations, String rule, String pointer) {
    Value value = Json.value(document);

    PatchFailure failure = failure(Json.patch(operations), value, BYTES_MAX);

    assertThat(failure.oversize()).as(example).isFalse();
    assertThat(failure.violation().rule()).as(example).isEqualTo(rule);
    assertThat(failure.violation().pointer()).as(example).isEqualTo(pointer);
    assertThat(value).as(example).isEqualTo(Json.value(document));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1}     | {"op":"add","path":"/a","value":2}                   | {"a":2}
          {"a":[1]}   | {"op":"add","path":"/a/0","value":0}                 | {"a":[0,1]}
          {"a":[1]}   | {"op":"add","path":"/a/1","value":2}                 | {"a":[1,2]}
          {"a":[1,2]} | {"op":"replace","path":"/a/1","value":3}             | {"a":[1,3]}
          {"a":1}     | {"op":"replace","path":"","value":[1]}               | [1]
          {"a":1}     | {"op":"add","path":"","value":null}                  | null
          {"a":{"b":1}} | {"op":"move","from":"/a","path":""}                | {"b":1}
          {"a":{"b":1}} | {"op":"move","from":"/a/b","path":"/a"}            | {"a":1}
          {"a":1}     | {"op":"move","from":"/a","path":"/a"}                | {"a":1}
          {"a":1,"b":2} | {"op":"move","from":"/a","path":"/b"}              | {"b":1}
          {"a":[1,2,3]} | {"op":"move","from":"/a/0","path":"/a/-"}          | {"a":[2,3,1]}
          {"a":{"b":1}} | {"op":"copy","from":"","path":"/a/c"}              | {"a":{"b":1,"c":{"a":{"b":1}}}}
          {"":1}      | {"op":"replace","path":"/","value":2}                | {"":2}
          {"01":1}    | {"op":"remove","path":"/01"}                         | {}
          {"-":1}     | {"op":"remove","path":"/-"}                          | {}
          {"a/b":1,"m~n":2} | {"op":"remove","path":"/a~1b"},{"op":"remove","path":"/m~0n"} | {}
          {"a":1}     | {"op":"add","path":"/b","value":[]},{"op":"add","path":"/b/-","value":1} | {"a":1,"b":[1]}
          {"a":null}  | {"op":"test","path":"/a","value":null}               | {"a":null}
          """)
  void jsonPatch_thatApplies_givesItsResult(String document, String operations, String result)
      throws PatchFailure {
    Value patched = Patches.apply(Json.patch(operations), Json.value(document), BYTES_MAX);

    assertThat(Trees.read(patched)).isEqualTo(Trees.read(Json.value(result)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                    | 1.0                  | true
          1.0                  | 1                    | true
          100                  | 1e2                  | true
          0                    | -0.0                 | true
          18446744073709551615 | 18446744073709551615 | true
          9007199254740993     | 9007199254740992.0   | false
          1                    | 1.5                  | false
          [1,{"a":2}]          | [1.0,{"a":2.0}]      | true
          {"a":1,"b":2}        | {"b":2,"a":1}        | true
          [1,2]                | [2,1]                | false
          [1]                  | [1,1]                | false
          1                    | true                 | false
          1                    | '1'                  | false
          """)
  void test_comparesNumbersByValueAndTheRestAsItIs(String document, String expected, boolean equal)
      throws PatchFailure {
    String quoted = expected.equals("1") && document.equals("1") ? "\"1\"" : expected;
    Change patch = Json.patch("{\"op\":\"test\",\"path\":\"/v\",\"value\":{\"n\":" + quoted + "}}");
    Value value = Json.value("{\"v\":{\"n\":" + document + "}}");

    if (equal) {
      assertThat(Patches.apply(patch, value, BYTES_MAX)).isEqualTo(value);
    } else {
      assertThat(failure(patch, value, BYTES_MAX).violation().rule()).isEqualTo("test");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "0.1",
        "-1.0E300",
      })
  void patches_keepNumbersExactly(String number) throws PatchFailure {
    Value document = Json.value("{\"kept\":" + number + "}");
    JsonNode expected = Trees.read(Json.value("{\"kept\":" + number + ",\"new\":" + number + "}"));

    Value merged = Patches.apply(merge("{\"new\":" + number + "}"), document, BYTES_MAX);
    Value copied =
        Patches.apply(
            Json.patch("{\"op\":\"copy\",\"from\":\"/kept\",\"path\":\"/new\"}"),
            document,
            BYTES_MAX);

    assertThat(Trees.read(merged)).isEqualTo(expected);
    assertThat(Trees.read(copied)).isEqualTo(expected);
  }

  @Test
  void write_ofUnsignedIntegers_usesNoBignum() {
    Value value = Json.value("[18446744073709551615]");

    assertThat(value.cbor())
        .containsExactly(0x9f, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    assertThat(Trees.size(Trees.read(value))).isEqualTo(value.size());
  }

  @Test
  void patches_keepByteStringsAsByteStrings() throws PatchFailure {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("bytes", new byte[] {0, 1, (byte) 0xff}).put("text", "AAH_");

    Value merged = Patches.apply(merge("{\"a\":1}"), Trees.write(tree), BYTES_MAX);

    assertThat(Trees.read(merged)).isEqualTo(tree.put("a", 1));
    assertThat(Trees.read(merged).path("bytes").isBinary()).isTrue();
  }

  @Test
  void patch_thatChangesNothing_givesTheVerySameValue() throws PatchFailure {
    Value value = Json.value("{\"a\":1,\"b\":[1,2]}");

    assertThat(Patches.apply(merge("{\"a\":1,\"c\":null}"), value, BYTES_MAX)).isSameAs(value);
    assertThat(
            Patches.apply(
                Json.patch(
                    "{\"op\":\"add\",\"path\":\"/c\",\"value\":1},{\"op\":\"remove\",\"path\":\"/c\"}"),
                value,
                BYTES_MAX))
        .isSameAs(value);
  }

  @Test
  void copyBomb_isRefusedAsOversize() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      operations.add("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}");
    }

    PatchFailure failure =
        failure(
            Json.patch(String.join(",", operations)),
            Json.value("{\"a\":[\"0123456789\"]}"),
            BYTES_MAX);

    assertThat(failure.violation().rule()).isIn("limits.valueBytes", "nesting");
  }

  @Test
  void wideCopyBomb_isRefusedAsOversize() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      operations.add("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b/-\"}");
    }
    Value value = Json.value("{\"a\":\"" + "x".repeat(1000) + "\",\"b\":[]}");

    PatchFailure failure = failure(Json.patch(String.join(",", operations)), value, BYTES_MAX);

    assertThat(failure.oversize()).isTrue();
    assertThat(failure.violation().rule()).isEqualTo("limits.valueBytes");
    assertThat(failure.violation().pointer()).isEqualTo("/64");
  }

  @Test
  void copiesThatAreDroppedAgain_areCountedAllTheSame() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      operations.add("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}");
    }
    Value value = Json.value("{\"a\":\"" + "x".repeat(30_000) + "\"}");

    PatchFailure failure = failure(Json.patch(String.join(",", operations)), value, BYTES_MAX);

    assertThat(failure.oversize()).isTrue();
  }

  @Test
  void bigMoves_areCountedAllTheSame() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      operations.add("{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}");
      operations.add("{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/a\"}");
    }
    Value value = Json.value("{\"a\":[" + "0,".repeat(30_000) + "0]}");

    PatchFailure failure = failure(Json.patch(String.join(",", operations)), value, BYTES_MAX);

    assertThat(failure.oversize()).isTrue();
  }

  /** A document that grows deep on the way would overflow the stack of whoever walks it. */
  @Test
  void documentThatGrowsDeepOnTheWay_isRefused() {
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      String deepest = "/0".repeat(1 << i);
      operations.add("{\"op\":\"copy\",\"from\":\"\",\"path\":\"" + deepest + "\"}");
    }
    operations.add("{\"op\":\"replace\",\"path\":\"\",\"value\":1}");

    PatchFailure failure =
        failure(Json.patch(String.join(",", operations)), Json.value("[1]"), 1 << 20);

    assertThat(failure.violation().rule()).isEqualTo("nesting");
    assertThat(failure.violation().pointer()).isEqualTo("/6");
  }

  @Test
  void nesting_atItsLimit_isTakenAndBeyondItRefused() throws PatchFailure {
    String deepest = "[".repeat(63) + "]".repeat(63);
    String tooDeep = "[".repeat(64) + "]".repeat(64);
    String add = "{\"op\":\"add\",\"path\":\"/a\",\"value\":%s}";
    Value value = Json.value("{}");

    Value patched = Patches.apply(Json.patch(add.formatted(deepest)), value, BYTES_MAX);

    assertThat(Trees.read(patched).path("a").isArray()).isTrue();
    assertThat(failure(Json.patch(add.formatted(tooDeep)), value, BYTES_MAX).violation().rule())
        .isEqualTo("nesting");
  }

  @Test
  void bigValue_thatTakesThePlaceOfABigOne_isNoGrowth() throws PatchFailure {
    String big = "\"" + "x".repeat(60_000) + "\"";
    String replace = "{\"op\":\"replace\",\"path\":\"%s\",\"value\":%s}";
    String add = "{\"op\":\"add\",\"path\":\"%s\",\"value\":%s}";
    Value inObject = Json.value("{\"a\":" + big + "}");
    Value inArray = Json.value("[" + big + "]");
    String other = big.replace('x', 'y');

    for (String operation : List.of(replace, add)) {
      for (String path : List.of("/a", "")) {
        String document = path.isEmpty() ? "{\"a\":" + other + "}" : other;
        Change change = Json.patch(operation.formatted(path, document));
        assertThat(Patches.apply(change, inObject, BYTES_MAX)).isNotEqualTo(inObject);
      }
    }
    Change change = Json.patch(replace.formatted("/0", other));
    assertThat(Patches.apply(change, inArray, BYTES_MAX)).isNotEqualTo(inArray);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "null",
        "true",
        "1",
        "-1",
        "23",
        "24",
        "-24",
        "-25",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "-4294967297",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "1.5",
        "\"\"",
        "\"ä😀\"",
        "[[],[],{}]",
        "{\"a\":{\"b\":[1,2,\"c\"]}}"
      })
  void size_ofATree_isThatOfItsValue(String json) {
    JsonNode tree = Trees.read(Json.value(json));

    assertThat(Trees.size(tree)).isEqualTo(Trees.write(tree).size());
  }

  @Test
  void size_ofWideTrees_isThatOfTheirValues() {
    for (int width : List.of(23, 24, 255, 256, 65_535, 65_536)) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < width; i++) {
        array.add("x".repeat(i % 40));
        object.put(Integer.toString(i), i);
      }

      assertThat(Trees.size(array)).isEqualTo(Trees.write(array).size());
      assertThat(Trees.size(object)).isEqualTo(Trees.write(object).size());
    }
  }

  private static PatchFailure failure(Change change, Value value, int bytesMax) {
    return catchThrowableOfType(PatchFailure.class, () -> Patches.apply(change, value, bytesMax));
  }

  private static Change merge(String json) {
    return new MergePatch(Json.value(json));
  }
}
