package io.mayfly.http;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of all operations: the one source of what is served. */
final class Routes {
  /** The server as a whole, which {@code OPTIONS *} asks about. */
  static final Resource SERVER = new Resource(List.of());

  private static final String ENTRY = "/v1/state/{namespace}/{key}";

  private final List<Route> all = new ArrayList<>();
  private final List<List<Resource>> bySegments = new ArrayList<>();

  private Routes() {}

  static Routes of(
      EntryReads reads, EntryMutations mutations, EntryLists lists, Operations operations) {
    Routes routes = new Routes();
    routes.add("GET", "/", "showPage", operations::page);
    routes.add("GET", "/openapi.json", "getOpenApi", operations::openApi);
    routes.add("GET", "/health/live", "getLiveness", operations::live);
    routes.add("GET", "/health/ready", "getReadiness", operations::ready);
    routes.add(
        "GET",
        "/v1/state/{namespace}",
        "listEntries",
        lists::list,
        Parameter.PREFIX,
        Parameter.LIMIT,
        Parameter.CURSOR,
        Parameter.EXPIRING_WITHIN,
        Parameter.VIEW);
    routes.add("GET", ENTRY, "getEntry", reads::read, Parameter.VIEW, Parameter.REVISION);
    routes.add(
        "PUT",
        ENTRY,
        "putEntry",
        mutations::put,
        Parameter.TTL,
        Parameter.EXPIRES_AT,
        Parameter.NOT_BEFORE);
    routes.add("PATCH", ENTRY, "patchEntry", mutations::patch, Parameter.TTL, Parameter.EXPIRES_AT);
    routes.add("DELETE", ENTRY, "deleteEntry", mutations::delete);
    routes.add(
        "POST",
        ENTRY + "/increment",
        "incrementEntry",
        mutations::increment,
        Parameter.TTL,
        Parameter.EXPIRES_AT);
    routes.add(
        "POST",
        ENTRY + "/touch",
        "touchEntry",
        mutations::touch,
        Parameter.TTL,
        Parameter.EXPIRES_AT);
    routes.add("POST", ENTRY + "/rollback", "rollbackEntry", mutations::rollback);
    routes.add("GET", ENTRY + "/history", "getHistory", reads::history, Parameter.LIMIT);
    return routes;
  }

  private void add(
      String method,
      String template,
      String operationId,
      Route.Handler handler,
      Parameter... parameters) {
    EnumSet<Parameter> known = EnumSet.noneOf(Parameter.class);
    known.addAll(List.of(parameters));
    Route route = new Route(method, template, operationId, known, handler);
    all.add(route);
    resource(route.segments()).add(route);
  }

  private Resource resource(List<String> template) {
    while (bySegments.size() <= template.size()) {
      bySegments.add(new ArrayList<>());
    }
    List<Resource> candidates = bySegments.get(template.size());
    for (Resource candidate : candidates) {
      if (candidate.template().equals(template)) {
        return candidate;
      }
    }
    Resource resource = new Resource(template);
    candidates.add(resource);
    return resource;
  }

  /** The resource under a path; absent when nothing is served there. */
  @Nullable Resource find(List<String> segments) {
    if (segments.size() < bySegments.size()) {
      for (Resource resource : bySegments.get(segments.size())) {
        if (resource.fits(segments)) {
          return resource;
        }
      }
    }
    return null;
  }

  /** Every route. */
  List<Route> all() {
    return List.copyOf(all);
  }
}
