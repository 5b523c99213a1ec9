package io.mayfly.http;

import io.mayfly.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of all operations: the one source of what is served. */
final class Routes {
  /** The server as a whole, which {@code OPTIONS *} asks about. */
  static final Resource SERVER = new Resource(List.of());

  /** What any request to state can meet. */
  private static final Set<ProblemType> STATE =
      EnumSet.of(
          ProblemType.MALFORMED_REQUEST,
          ProblemType.INVALID_PATH,
          ProblemType.INVALID_PARAMETER,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.REQUEST_TIMEOUT,
          ProblemType.VALUE_TOO_LARGE,
          ProblemType.URI_TOO_LONG,
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          ProblemType.HEADERS_TOO_LARGE,
          ProblemType.INTERNAL_ERROR,
          ProblemType.KEY_OVERLOADED,
          ProblemType.NAMESPACE_OVERLOADED,
          ProblemType.RATE_EXCEEDED,
          ProblemType.NODE_OVERLOADED,
          ProblemType.DRAINING,
          ProblemType.NO_QUORUM,
          ProblemType.NOT_READY,
          ProblemType.OUTCOME_UNKNOWN);

  /** What any mutation can meet besides. */
  private static final Set<ProblemType> GUARDED =
      with(
          STATE,
          ProblemType.WRITER_NOT_ALLOWED,
          ProblemType.TRANSITION_DISABLED,
          ProblemType.PRECONDITION_REQUIRED,
          ProblemType.PRECONDITION_FAILED,
          ProblemType.FENCE_REQUIRED,
          ProblemType.STALE_FENCE,
          ProblemType.IDEMPOTENCY_IN_PROGRESS,
          ProblemType.IDEMPOTENCY_MISMATCH,
          ProblemType.OUT_OF_ORDER,
          ProblemType.SEQUENCE_GAP,
          ProblemType.CONCURRENT_UPDATE,
          ProblemType.CONTRACT_VIOLATION);

  /** What a mutation of a live entry can meet besides. */
  private static final Set<ProblemType> MUTATION =
      with(GUARDED, ProblemType.UNKNOWN_KEY, ProblemType.KEY_ENDED, ProblemType.NOT_YET_VALID);

  /** What a stream can meet before it begins; later problems are answers within it. */
  private static final Set<ProblemType> STREAM =
      EnumSet.of(
          ProblemType.MALFORMED_REQUEST,
          ProblemType.INVALID_PARAMETER,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          ProblemType.URI_TOO_LONG,
          ProblemType.HEADERS_TOO_LARGE,
          ProblemType.INTERNAL_ERROR,
          ProblemType.NODE_OVERLOADED,
          ProblemType.DRAINING,
          ProblemType.NO_QUORUM,
          ProblemType.NOT_READY);

  /** What a look at the node can meet. */
  private static final Set<ProblemType> LOOK =
      EnumSet.of(
          ProblemType.MALFORMED_REQUEST,
          ProblemType.INVALID_PATH,
          ProblemType.INVALID_PARAMETER,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.REQUEST_TIMEOUT,
          ProblemType.VALUE_TOO_LARGE,
          ProblemType.URI_TOO_LONG,
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          ProblemType.HEADERS_TOO_LARGE,
          ProblemType.INTERNAL_ERROR);

  private static final Set<ProblemType> NONE = Set.of();
  private static final Set<Parameter> NO_PARAMETERS = Set.of();
  private static final Set<Parameter> LIFESPAN = EnumSet.of(Parameter.TTL, Parameter.EXPIRES_AT);
  static final String CLUSTER = "/v1/cluster";
  static final String PRESSURE = "/v1/pressure";
  private static final String STATE_PATH = "/v1/state/{namespace}";
  private static final String CONTRACTS = "/v1/contracts";
  private static final String CONTRACT = CONTRACTS + "/{namespace}";
  private static final String LEASE = "/v1/leases/{namespace}/{name}";
  private static final String ENTRY = STATE_PATH + "/{key}";

  private final List<Route> all = new ArrayList<>();
  private final List<List<Resource>> bySegments = new ArrayList<>();

  private Routes() {}

  static Routes of(
      EntryReads reads,
      EntryMutations mutations,
      EntryLists lists,
      ContractRoutes contracts,
      Batches batches,
      Reconciliation reconciliation,
      LeaseRoutes leases,
      WatchRoutes watching,
      PressureRoute pressure,
      Operations operations) {
    Routes routes = new Routes();
    routes.serve(operations);
    routes.serve(contracts);
    routes.serveCluster(operations);
    routes.serve(pressure);
    routes.serve(lists);
    routes.serve(reads);
    routes.serve(mutations);
    routes.serve(batches);
    routes.serve(reconciliation);
    routes.serve(leases);
    routes.serve(watching);
    return routes;
  }

  private void serve(Operations operations) {
    Set<ProblemType> health = EnumSet.of(ProblemType.NOT_READY);
    add(new Route("GET", "/", "showPage", Need.NONE, NO_PARAMETERS, NONE, operations::page));
    add(
        new Route(
            "GET", "/metrics", "getMetrics", Need.READ, NO_PARAMETERS, NONE, operations::metrics));
    add(
        new Route(
            "GET",
            "/openapi.json",
            "getOpenApi",
            Need.NONE,
            NO_PARAMETERS,
            NONE,
            operations::openApi));
    add(
        new Route(
            "GET",
            "/health/live",
            "getLiveness",
            Need.NONE,
            NO_PARAMETERS,
            health,
            operations::live));
    add(
        new Route(
            "GET",
            "/health/ready",
            "getReadiness",
            Need.NONE,
            NO_PARAMETERS,
            health,
            operations::ready));
  }

  private void serve(ContractRoutes contracts) {
    Set<Parameter> force = EnumSet.of(Parameter.FORCE);
    Set<ProblemType> any = EnumSet.copyOf(STATE);
    any.removeAll(
        List.of(
            ProblemType.RATE_EXCEEDED,
            ProblemType.KEY_OVERLOADED,
            ProblemType.NAMESPACE_OVERLOADED));
    Set<ProblemType> reading =
        with(any, ProblemType.UNKNOWN_CONTRACT, ProblemType.PRECONDITION_FAILED);
    Set<ProblemType> changing =
        with(
            any,
            ProblemType.PRECONDITION_FAILED,
            ProblemType.INCOMPATIBLE_CONTRACT,
            ProblemType.CONTRACT_CONTENDED);
    Set<ProblemType> put =
        with(
            changing,
            ProblemType.MALFORMED_BODY,
            ProblemType.UNREPRESENTABLE,
            ProblemType.CONTRACT_INVALID,
            ProblemType.TOO_MANY_CONTRACTS);
    Set<ProblemType> delete = with(changing, ProblemType.UNKNOWN_CONTRACT);
    add(
        new Route(
            "GET", CONTRACTS, "listContracts", Need.ANY, NO_PARAMETERS, any, contracts::list));
    add(
        new Route(
            "GET", CONTRACT, "getContract", Need.READ, NO_PARAMETERS, reading, contracts::get));
    add(new Route("PUT", CONTRACT, "putContract", Need.ADMIN, force, put, contracts::put));
    add(
        new Route(
            "DELETE", CONTRACT, "deleteContract", Need.ADMIN, force, delete, contracts::delete));
  }

  private void serveCluster(Operations operations) {
    add(
        new Route(
            "GET", CLUSTER, "getCluster", Need.READ, NO_PARAMETERS, LOOK, operations::cluster));
  }

  private void serve(PressureRoute pressure) {
    Set<ProblemType> problems = with(LOOK, ProblemType.NODE_OVERLOADED);
    add(
        new Route(
            "GET", PRESSURE, "getPressure", Need.READ, NO_PARAMETERS, problems, pressure::show));
  }

  private void serve(EntryLists lists) {
    Set<Parameter> parameters =
        EnumSet.of(
            Parameter.PREFIX,
            Parameter.LIMIT,
            Parameter.CURSOR,
            Parameter.EXPIRING_WITHIN,
            Parameter.VIEW);
    add(new Route("GET", STATE_PATH, "listEntries", Need.READ, parameters, STATE, lists::list));
  }

  private void serve(EntryReads reads) {
    Set<ProblemType> reading =
        with(
            STATE,
            ProblemType.UNKNOWN_KEY,
            ProblemType.KEY_ENDED,
            ProblemType.UNKNOWN_REVISION,
            ProblemType.NOT_YET_VALID,
            ProblemType.PRECONDITION_FAILED);
    Set<ProblemType> story = with(STATE, ProblemType.UNKNOWN_KEY);
    add(
        new Route(
            "GET",
            ENTRY,
            "getEntry",
            Need.READ,
            EnumSet.of(Parameter.VIEW, Parameter.REVISION),
            reading,
            reads::read));
    add(
        new Route(
            "GET",
            ENTRY + "/history",
            "getHistory",
            Need.READ,
            EnumSet.of(Parameter.LIMIT),
            story,
            reads::history));
  }

  private void serve(EntryMutations mutations) {
    Set<Parameter> creation = EnumSet.of(Parameter.TTL, Parameter.EXPIRES_AT, Parameter.NOT_BEFORE);
    Set<ProblemType> reading =
        with(MUTATION, ProblemType.MALFORMED_BODY, ProblemType.UNREPRESENTABLE);
    Set<ProblemType> put =
        with(
            GUARDED,
            ProblemType.KEY_ENDED,
            ProblemType.TOO_MANY_CONCURRENT_UPDATES,
            ProblemType.NUMBER_OUT_OF_RANGE,
            ProblemType.MALFORMED_BODY,
            ProblemType.UNREPRESENTABLE);
    add(new Route("PUT", ENTRY, "putEntry", Need.WRITE, creation, put, mutations::put));
    add(
        new Route(
            "PATCH",
            ENTRY,
            "patchEntry",
            Need.WRITE,
            LIFESPAN,
            with(reading, ProblemType.PATCH_FAILED),
            mutations::patch));
    add(
        new Route(
            "DELETE",
            ENTRY,
            "deleteEntry",
            Need.WRITE,
            NO_PARAMETERS,
            MUTATION,
            mutations::delete));
    add(
        new Route(
            "POST",
            ENTRY + "/increment",
            "incrementEntry",
            Need.WRITE,
            LIFESPAN,
            with(reading, ProblemType.NOT_A_NUMBER, ProblemType.NUMBER_OUT_OF_RANGE),
            mutations::increment));
    add(
        new Route(
            "POST",
            ENTRY + "/touch",
            "touchEntry",
            Need.WRITE,
            LIFESPAN,
            MUTATION,
            mutations::touch));
    add(
        new Route(
            "POST",
            ENTRY + "/rollback",
            "rollbackEntry",
            Need.WRITE,
            NO_PARAMETERS,
            with(reading, ProblemType.REVISION_NOT_KEPT),
            mutations::rollback));
  }

  private void serve(Batches batches) {
    add(new Route("POST", "/v1/batch", "runBatch", Need.ANY, NO_PARAMETERS, STREAM, batches::run));
  }

  private void serve(Reconciliation reconciliation) {
    add(
        new Route(
            "POST",
            "/v1/reconcile/{namespace}",
            "reconcile",
            Need.READ,
            EnumSet.of(Parameter.MODE),
            with(STREAM, ProblemType.INVALID_PATH),
            reconciliation::run));
  }

  private void serve(LeaseRoutes leases) {
    Set<ProblemType> writing =
        with(
            STATE,
            ProblemType.MALFORMED_BODY,
            ProblemType.UNREPRESENTABLE,
            ProblemType.WRITER_NOT_ALLOWED,
            ProblemType.CONTRACT_VIOLATION,
            ProblemType.RATE_EXCEEDED,
            ProblemType.KEY_OVERLOADED,
            ProblemType.NAMESPACE_OVERLOADED);
    Set<ProblemType> reading =
        with(
            STATE,
            ProblemType.UNKNOWN_LEASE,
            ProblemType.RATE_EXCEEDED,
            ProblemType.KEY_OVERLOADED,
            ProblemType.NAMESPACE_OVERLOADED);
    Set<ProblemType> retried =
        with(writing, ProblemType.IDEMPOTENCY_MISMATCH, ProblemType.IDEMPOTENCY_IN_PROGRESS);
    Set<ProblemType> acquiring = with(retried, ProblemType.LEASE_HELD);
    Set<ProblemType> holding = with(retried, ProblemType.LEASE_LOST);
    add(new Route("PUT", LEASE, "putLease", Need.WRITE, NO_PARAMETERS, writing, leases::define));
    add(new Route("GET", LEASE, "getLease", Need.READ, NO_PARAMETERS, reading, leases::read));
    add(
        new Route(
            "GET",
            LEASE + "/history",
            "getLeaseHistory",
            Need.READ,
            EnumSet.of(Parameter.LIMIT),
            reading,
            leases::history));
    add(post("/acquire", "acquireLease", acquiring, leases::acquire));
    add(post("/renew", "renewLease", holding, leases::renew));
    add(post("/release", "releaseLease", holding, leases::release));
  }

  private void serve(WatchRoutes watching) {
    String watch = "/v1/watch/{namespace}";
    Set<Parameter> parameters =
        EnumSet.of(
            Parameter.EVENTS, Parameter.VALUES, Parameter.FROM, Parameter.OF, Parameter.MARKS);
    Set<Parameter> withPrefix = EnumSet.copyOf(parameters);
    withPrefix.add(Parameter.PREFIX);
    Set<ProblemType> problems = EnumSet.copyOf(STATE);
    problems.removeAll(
        List.of(
            ProblemType.KEY_OVERLOADED,
            ProblemType.NAMESPACE_OVERLOADED,
            ProblemType.RATE_EXCEEDED,
            ProblemType.OUTCOME_UNKNOWN));
    problems.add(ProblemType.POSITION_COMPACTED);
    problems.add(ProblemType.NOT_FOUND);
    add(
        new Route(
            "GET", watch, "watchNamespace", Need.READ, withPrefix, problems, watching::namespace));
    add(
        new Route(
            "GET", watch + "/{key}", "watchKey", Need.READ, parameters, problems, watching::key));
  }

  private static Route post(
      String action, String operationId, Set<ProblemType> problems, Route.Handler handler) {
    return new Route(
        "POST", LEASE + action, operationId, Need.WRITE, NO_PARAMETERS, problems, handler);
  }

  private static Set<ProblemType> with(Set<ProblemType> base, ProblemType... more) {
    Set<ProblemType> all = EnumSet.copyOf(base);
    all.addAll(List.of(more));
    return all;
  }

  private void add(Route route) {
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
