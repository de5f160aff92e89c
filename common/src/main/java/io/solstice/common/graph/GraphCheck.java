package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses graphs that could not run, before anything is started. */
public final class GraphCheck {
    private final JobGraph graph;

    private GraphCheck(JobGraph graph) {
        this.graph = graph;
    }

    /** Throws the first problem found: names first, then roles, cycles and loose ends. */
    public static void check(JobGraph graph) {
        GraphCheck check = new GraphCheck(graph);
        check.names();
        check.sources();
        check.roles();
        check.cycles();
        check.looseEnds();
        check.forwards();
        check.keyedParallelism();
    }

    private void names() {
        Set<StageId> seen = new HashSet<>();
        for (StageNode stage : graph.stages()) {
            if (!seen.add(stage.id())) {
                fail(ErrorCode.STAGE_DUPLICATE
                        .error("two stages have the id '" + stage.id() + "'")
                        .help("give each stage of a job an id of its own"));
            }
        }
        List<String> known = seen.stream().map(StageId::value).sorted().toList();
        for (Edge edge : graph.edges()) {
            for (StageId end : List.of(edge.from(), edge.to())) {
                if (!seen.contains(end)) {
                    fail(ErrorCode.STAGE_UNKNOWN
                            .error("stage '" + edge.to() + "' names an upstream '" + end + "' that does not exist")
                            .help(NearestName.help(end.value(), known)));
                }
            }
        }
    }

    private void sources() {
        if (graph.stages().stream().noneMatch(stage -> stage.role() == StageRole.SOURCE)) {
            fail(ErrorCode.GRAPH_EMPTY
                    .error(graph.stages().isEmpty() ? "the job has no stages" : "the job has no source")
                    .help("add a source stage first, for example Stage.source(\"source\", LanceTableSource.of(path))"));
        }
    }

    private void roles() {
        for (StageNode stage : graph.stages()) {
            boolean fed = !graph.inputs(stage.id()).isEmpty();
            boolean feeds = !graph.outputs(stage.id()).isEmpty();
            String id = "'" + stage.id() + "'";
            if (stage.role() == StageRole.SOURCE && fed) {
                fail(ErrorCode.STAGE_ROLE
                        .error("source " + id + " has an upstream")
                        .help("a source reads by itself; remove its upstream_stages"));
            }
            if (stage.role() == StageRole.SINK && feeds) {
                fail(ErrorCode.STAGE_ROLE
                        .error("sink " + id + " has a downstream stage "
                                + graph.outputs(stage.id()).get(0).to())
                        .help("a sink ends its branch; connect the stage to the sink's own upstream instead"));
            }
            if (stage.role() != StageRole.SOURCE && !fed) {
                fail(ErrorCode.STAGE_ROLE
                        .error("stage " + id + " has no upstream, so it would never get a row")
                        .help("name its upstream: job.addStage(stage, \"<upstream id>\")"));
            }
        }
    }

    private void cycles() {
        Map<StageId, Integer> open = new HashMap<>();
        for (StageNode stage : graph.stages()) {
            open.put(stage.id(), graph.inputs(stage.id()).size());
        }
        List<StageId> ready = new ArrayList<>();
        open.forEach((id, inputs) -> {
            if (inputs == 0) {
                ready.add(id);
            }
        });
        int done = 0;
        while (!ready.isEmpty()) {
            StageId next = ready.remove(ready.size() - 1);
            open.remove(next);
            done++;
            for (Edge edge : graph.outputs(next)) {
                if (open.merge(edge.to(), -1, Integer::sum) == 0) {
                    ready.add(edge.to());
                }
            }
        }
        if (done < graph.stages().size()) {
            fail(ErrorCode.GRAPH_CYCLE
                    .error("stages feed each other in a circle: " + circle(open.keySet()))
                    .help("remove one of these edges; a job is a directed acyclic graph"));
        }
    }

    /** Walks back over unfinished upstreams until a stage comes up twice; that loop is the circle. */
    private String circle(Set<StageId> unfinished) {
        List<StageId> path = new ArrayList<>();
        StageId at = unfinished.stream()
                .min((a, b) -> a.value().compareTo(b.value()))
                .orElseThrow();
        while (!path.contains(at)) {
            path.add(0, at);
            at = graph.inputs(at).stream()
                    .map(Edge::from)
                    .filter(unfinished::contains)
                    .findFirst()
                    .orElseThrow();
        }
        List<StageId> loop = new ArrayList<>(path.subList(0, path.indexOf(at) + 1));
        loop.add(0, at);
        return loop.stream().map(StageId::value).collect(Collectors.joining(" -> "));
    }

    private void looseEnds() {
        for (StageNode stage : graph.stages()) {
            if (stage.role() != StageRole.SINK && graph.outputs(stage.id()).isEmpty()) {
                fail(ErrorCode.GRAPH_DANGLING
                        .error("the output of stage '" + stage.id() + "' goes nowhere")
                        .help("add a sink behind it, for example Stage.sink(\"sink\", PrintSink.create())"));
            }
        }
    }

    private void forwards() {
        for (Edge edge : graph.edges()) {
            int from = graph.stage(edge.from()).parallelism().initial();
            int to = graph.stage(edge.to()).parallelism().initial();
            if (edge.partitioning() == Partitioning.FORWARD && from != to) {
                fail(ErrorCode.PARALLELISM_INVALID
                        .error("'" + edge.from() + "' -> '" + edge.to() + "' is forward but has " + from + " and " + to
                                + " tasks")
                        .help("give both the same parallelism, or let the edge rebalance"));
            }
        }
    }

    private void keyedParallelism() {
        for (Edge edge : graph.edges()) {
            int max = graph.stage(edge.to()).parallelism().max();
            if (edge.partitioning() == Partitioning.HASH && max > graph.keyGroups()) {
                fail(ErrorCode.PARALLELISM_INVALID
                        .error("stage '" + edge.to() + "' may have " + max + " tasks but the job has only "
                                + graph.keyGroups() + " key groups")
                        .help("lower max_parallelism or raise the job's key groups"));
            }
        }
    }

    private void fail(SolsticeError error) {
        throw error.within("job '" + graph.job() + "'").toException();
    }
}
