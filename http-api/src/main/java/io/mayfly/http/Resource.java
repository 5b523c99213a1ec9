package io.mayfly.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A path template and the operations on it, by method. */
final class Resource {
  private final List<String> template;
  private final Map<String, Route> routes = new LinkedHashMap<>();

  Resource(List<String> template) {
    this.template = template;
  }

  List<String> template() {
    return template;
  }

  void add(Route route) {
    routes.put(route.method(), route);
  }

  /** Whether the template fits these decoded segments, which are as many as its own. */
  boolean fits(List<String> segments) {
    for (int i = 0; i < segments.size(); i++) {
      String expected = template.get(i);
      String segment = segments.get(i);
      if (expected.charAt(0) == '{' ? segment.isEmpty() : !expected.equals(segment)) {
        return false;
      }
    }
    return true;
  }

  /** The operation of a method; {@code HEAD} is served as {@code GET} without its body. */
  @Nullable Route route(String method) {
    return routes.get(method.equals("HEAD") ? "GET" : method);
  }

  /** The methods for {@code Allow}. */
  String allow() {
    StringBuilder allow = new StringBuilder();
    for (String method : routes.keySet()) {
      allow.append(method).append(", ");
      if (method.equals("GET")) {
        allow.append("HEAD, ");
      }
    }
    return allow.append("OPTIONS").toString();
  }
}
