package io.solstice.common.wire;

import io.solstice.common.id.StageId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.Placement;
import io.solstice.proto.v1.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where tasks run, on the wire and in the journal. */
public final class PlacementCodec {
    private PlacementCodec() {}

    public static List<Command.ChainPlacement> chains(Placement placement) {
        List<Command.ChainPlacement> chains = new ArrayList<>();
        Wire.sorted(placement.workers())
                .forEach((stage, workers) -> chains.add(Command.ChainPlacement.newBuilder()
                        .setStageId(stage)
                        .addAllWorkerIds(workers.stream().map(WorkerId::value).toList())
                        .addAllGpus(placement.gpus().getOrDefault(new StageId(stage), List.of()).stream()
                                .map(task -> Command.Gpus.newBuilder()
                                        .addAllNumbers(task)
                                        .build())
                                .toList())
                        .build()));
        return chains;
    }

    public static Map<String, io.solstice.proto.v1.Endpoint> endpoints(Placement placement) {
        Map<String, io.solstice.proto.v1.Endpoint> endpoints = new LinkedHashMap<>();
        Wire.sorted(placement.endpoints())
                .forEach((worker, endpoint) -> endpoints.put(worker, PartCodec.toProto(endpoint)));
        return endpoints;
    }

    public static Placement fromProto(
            List<Command.ChainPlacement> chains, Map<String, io.solstice.proto.v1.Endpoint> at) {
        Map<StageId, List<WorkerId>> workers = new HashMap<>();
        Map<StageId, List<List<Integer>>> gpus = new HashMap<>();
        for (Command.ChainPlacement chain : chains) {
            List<WorkerId> ids =
                    chain.getWorkerIdsList().stream().map(WorkerId::new).toList();
            if (workers.put(new StageId(chain.getStageId()), ids) != null) {
                throw Wire.invalid("Deploy", "stage '" + chain.getStageId() + "' is placed twice");
            }
            if (chain.getGpusCount() > 0) {
                gpus.put(
                        new StageId(chain.getStageId()),
                        chain.getGpusList().stream()
                                .map(Command.Gpus::getNumbersList)
                                .toList());
            }
        }
        Map<WorkerId, Endpoint> endpoints = at.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> new WorkerId(entry.getKey()), entry -> PartCodec.fromProto(entry.getValue())));
        return new Placement(workers, endpoints, gpus);
    }
}
