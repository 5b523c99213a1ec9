package io.mayfly.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests of a page of the documentation: each {@code ```http} block is a request line,
 * headers, an empty line, a body, and {@code # -> status}, with the name of the problem where it is
 * one that is foretold. {@code {member}} stands for the text or number that the newest answer with
 * such a member had.
 */
final class DocumentedSteps {
  private static final Pattern BLOCK = Pattern.compile("```http\n(.*?)```", Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-zA-Z]+)}");
  private static final String EXPECTATION = "# -> ";

  private final List<String> blocks;
  private final Map<String, String> members = new HashMap<>();

  private DocumentedSteps(List<String> blocks) {
    this.blocks = blocks;
  }

  /** Reads a page. */
  static DocumentedSteps of(Path page) {
    List<String> blocks = new ArrayList<>();
    try {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      while (matcher.find()) {
        blocks.add(matcher.group(1));
      }
    } catch (IOException e) {
      throw new AssertionError("no page " + page, e);
    }
    return new DocumentedSteps(List.copyOf(blocks));
  }

  /** How many requests the page has. */
  int count() {
    return blocks.size();
  }

  /**
   * Sends all requests in their order; fails at the first answer that the page does not foretell.
   */
  void run(TestNode node) {
    blocks.forEach(block -> run(node, block));
  }

  private void run(TestNode node, String block) {
    int at = block.lastIndexOf(EXPECTATION);
    String[] expected = block.substring(at + EXPECTATION.length()).strip().split(" ", -1);
    int status = Integer.parseInt(expected[0]);
    String request = filled(block.substring(0, at).strip());
    int gap = request.indexOf("\n\n");
    String head = gap < 0 ? request : request.substring(0, gap);
    String body = gap < 0 ? "" : request.substring(gap + 2);
    String[] lines = head.split("\n", -1);
    String[] line = lines[0].split(" ", -1);
    List<String> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.add(lines[i].substring(0, colon));
      headers.add(lines[i].substring(colon + 1).strip());
    }
    Answer answer =
        node.send(
            line[0],
            line[1],
            body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
            headers.toArray(String[]::new));
    remember(expected.length == 1 ? answer.is(status) : answer.isProblem(status, expected[1]));
  }

  private String filled(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            variable -> {
              String member = members.get(variable.group(1));
              if (member == null) {
                throw new AssertionError("no answer had " + variable.group());
              }
              return Matcher.quoteReplacement(member);
            });
  }

  private void remember(Answer answer) {
    if (answer.status() < 300 && answer.header("Content-Type").startsWith("application/json")) {
      JsonNode json = answer.json();
      json.properties()
          .forEach(
              member -> {
                if (member.getValue().isTextual() || member.getValue().isNumber()) {
                  members.put(member.getKey(), member.getValue().asText());
                }
              });
    }
  }
}
