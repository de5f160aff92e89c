package io.solstice.cli;

import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.StateUse;
import java.util.ArrayList;
import java.util.List;

/** Where stages keep state by key, and which do not keep it where they were told to, for people. */
final class StateText {
    private StateText() {}

    static List<String> of(Job job) {
        List<String> lines = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (StageStatus stage : job.getStagesList()) {
            for (StateUse use : stage.getStateList()) {
                String tasks = use.getTasks() == 1 ? "1 task" : use.getTasks() + " tasks";
                String memory = use.getMemoryBytes() == 0
                        ? ""
                        : ", up to " + Figures.bytes(use.getMemoryBytes()) + " of memory";
                lines.add("state      '" + stage.getStageId() + "' keeps its own in " + place(use.getBackend()) + " ("
                        + tasks + memory + ")");
                if (!use.getReason().isEmpty()) {
                    warnings.add("warning    '" + stage.getStageId() + "' keeps its state in " + place(use.getBackend())
                            + " because " + use.getReason().replaceAll("\\p{Cntrl}+", " "));
                }
            }
        }
        lines.addAll(warnings);
        return lines;
    }

    private static String place(String backend) {
        return switch (backend) {
            case "auto" -> "tables in memory, or in files when that is short";
            case "memory" -> "tables in memory";
            case "rocksdb" -> "RocksDB";
            case "disk" -> "a file";
            default -> backend;
        };
    }
}
