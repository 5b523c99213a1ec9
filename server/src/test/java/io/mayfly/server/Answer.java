package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the server answered, with the assertions that many tests make about it. */
final class Answer {
  static final ObjectMapper JSON = new ObjectMapper();
  static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  private final HttpResponse<?> response;
  private final byte[] body;

  Answer(HttpResponse<byte[]> response) {
    this(response, response.body());
  }

  /** An answer of whose body only so much is known. */
  Answer(HttpResponse<?> response, byte[] body) {
    this.response = response;
    this.body = body;
  }

  int status() {
    return response.statusCode();
  }

  /** The value of a header, empty when it is absent. */
  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  byte[] bytes() {
    return body;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonNode json() {
    return tree(JSON);
  }

  JsonNode cbor() {
    return tree(CBOR);
  }

  Instant instant(String field) {
    return Instant.parse(json().path(field).asText());
  }

  long number(String field) {
    return json().path(field).asLong();
  }

  /** The texts of one field of every element of an array. */
  List<String> each(String array, String field) {
    List<String> texts = new ArrayList<>();
    json().path(array).forEach(element -> texts.add(element.path(field).asText()));
    return texts;
  }

  Answer is(int status) {
    assertThat(status()).as(toString()).isEqualTo(status);
    return this;
  }

  /** Asserts a problem document of the named type. */
  Answer isProblem(int status, String name) {
    is(status);
    assertThat(header("Content-Type")).startsWith("application/problem+json");
    assertThat(json().path("type").asText()).isEqualTo("urn:mayfly:problem:" + name);
    assertThat(json().path("status").asInt()).isEqualTo(status);
    assertThat(json().path("title").asText()).isNotBlank();
    assertThat(json().path("detail").asText()).isNotBlank();
    return this;
  }

  /** Asserts a violation of exactly these rules of the contract. */
  Answer violates(String... rules) {
    isProblem(422, "contract-violation");
    assertThat(each("errors", "rule")).containsExactly(rules);
    assertThat(json().path("errors").path(0).path("pointer").isTextual()).isTrue();
    assertThat(each("errors", "detail").get(0)).isNotBlank();
    return this;
  }

  private JsonNode tree(ObjectMapper mapper) {
    try {
      return mapper.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(toString(), e);
    }
  }

  @Override
  public String toString() {
    return response.request().method() + ' ' + response.uri() + " -> " + status() + ' ' + text();
  }
}
