package io.solstice.cli;

import io.solstice.cli.ClusterCommand.Request;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.Cluster;
import io.solstice.proto.v1.DescribeWorkerRequest;
import io.solstice.proto.v1.DrainWorkerRequest;
import io.solstice.proto.v1.GetClusterRequest;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.ListWorkersResponse;
import io.solstice.proto.v1.Worker;
import io.solstice.proto.v1.WorkerDescription;
import java.util.ArrayList;
import java.util.List;

/** {@code solstice worker list|get|drain} and {@code solstice cluster get}. */
final class WorkerCommands {
    private static final String ID_NOTE = "<id> is the id of a worker, or a beginning of it that only one worker has.";

    private WorkerCommands() {}

    static List<Command> all() {
        return List.of(
                new ClusterCommand(
                        "worker list",
                        "Lists the workers of a cluster and what they have free.",
                        "",
                        List.of("solstice worker list", "solstice worker list --master head-node:7070 -o json"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(),
                        WorkerCommands::list),
                new ClusterCommand(
                        "worker get",
                        "Shows a worker and the tasks that run on it.",
                        "<id>",
                        List.of("solstice worker get worker-1"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(ID_NOTE),
                        WorkerCommands::get),
                new ClusterCommand(
                        "worker drain",
                        "Places no more tasks on a worker, so that it can be stopped when it is empty.",
                        "<id>",
                        List.of("solstice worker drain worker-1", "solstice worker drain worker-1 --yes"),
                        ClusterAccess.with(Confirmation.YES, Output.FLAG),
                        List.of(
                                ID_NOTE,
                                "Without --yes the worker's id must be typed on a terminal. What runs on the worker goes on",
                                "to its end; worker list shows it as DRAINED then."),
                        WorkerCommands::drain),
                new ClusterCommand(
                        "cluster get",
                        "Shows a cluster in a few numbers.",
                        "",
                        List.of("solstice cluster get --master head-node:7070"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(),
                        WorkerCommands::cluster));
    }

    private static ExitCode list(Request request) {
        ListWorkersResponse answer = request.master()
                .call(
                        AdminServiceGrpc::newBlockingStub,
                        admin -> admin.listWorkers(ListWorkersRequest.getDefaultInstance()));
        request.output()
                .show(
                        answer,
                        () -> table(answer.getWorkersList()),
                        request.terminal().out());
        return ExitCode.OK;
    }

    private static List<String> table(List<Worker> workers) {
        if (workers.isEmpty()) {
            return List.of("no workers");
        }
        Table table = new Table(
                "WORKER", "STATE", "ADDRESS", "CPUS FREE", "GPUS FREE", "MEMORY FREE", "TASKS", "IN USE", "HEARD");
        for (Worker worker : workers) {
            table.row(
                    worker.getWorkerId(),
                    worker.getState(),
                    worker.getEndpoint().getHost() + ":" + worker.getEndpoint().getPort(),
                    Figures.freeCpus(worker.getFree(), worker.getOffered()),
                    Figures.freeGpus(worker.getFree(), worker.getOffered()),
                    Figures.freeMemory(worker.getFree(), worker.getOffered()),
                    worker.getTasks(),
                    Figures.bytes(worker.getMemoryBytes()),
                    Figures.span(worker.getSilentMillis()) + " ago");
        }
        return table.lines();
    }

    private static WorkerDescription describe(Request request) {
        DescribeWorkerRequest asked = DescribeWorkerRequest.newBuilder()
                .setWorkerId(request.operand())
                .build();
        return request.master().call(AdminServiceGrpc::newBlockingStub, admin -> admin.describeWorker(asked));
    }

    private static ExitCode get(Request request) {
        WorkerDescription answer = describe(request);
        request.output().show(answer, () -> details(answer), request.terminal().out());
        return ExitCode.OK;
    }

    private static List<String> details(WorkerDescription description) {
        List<String> lines = new ArrayList<>(table(List.of(description.getWorker())));
        lines.add("version " + description.getWorker().getVersion() + ", registered "
                + Figures.time(description.getWorker().getRegisteredMillis()));
        if (description.getTasksCount() > 0) {
            lines.add("");
            Table tasks = new Table("TASK", "STATE", "STAGES");
            description
                    .getTasksList()
                    .forEach(
                            task -> tasks.row(task.getTask(), task.getState(), String.join(" ", task.getStagesList())));
            lines.addAll(tasks.lines());
        }
        return lines;
    }

    private static ExitCode drain(Request request) {
        Worker worker = describe(request).getWorker();
        Terminal terminal = request.terminal();
        String loses = "Draining worker '" + worker.getWorkerId() + "': it gets no more tasks, so the cluster loses "
                + Figures.cores(worker.getOffered().getNumCpus()) + " CPUs and "
                + Figures.bytes(worker.getOffered().getMemoryBytes()) + "; its " + worker.getTasks()
                + " running tasks go on to their end.";
        Confirmation.of(loses, worker.getWorkerId(), request.arguments(), terminal);
        DrainWorkerRequest asked = DrainWorkerRequest.newBuilder()
                .setWorkerId(worker.getWorkerId())
                .build();
        Worker answer = request.master().call(AdminServiceGrpc::newBlockingStub, admin -> admin.drainWorker(asked));
        request.output().show(answer, () -> List.of(answer.getWorkerId() + " " + answer.getState()), terminal.out());
        return ExitCode.OK;
    }

    private static ExitCode cluster(Request request) {
        Cluster answer = request.master()
                .call(
                        AdminServiceGrpc::newBlockingStub,
                        admin -> admin.getCluster(GetClusterRequest.getDefaultInstance()));
        request.output()
                .show(
                        answer,
                        () -> List.of(
                                "cluster      " + answer.getClusterId() + ", term " + answer.getTerm() + ", version "
                                        + answer.getVersion(),
                                "workers      " + answer.getWorkers(),
                                "jobs         " + answer.getRunningJobs() + " running",
                                "fenced       " + answer.getFencedWorkers() + " workers, "
                                        + answer.getFencedCheckpoints() + " checkpoints",
                                "cpus free    " + Figures.freeCpus(answer.getFree(), answer.getOffered()),
                                "gpus free    " + Figures.freeGpus(answer.getFree(), answer.getOffered()),
                                "memory free  " + Figures.freeMemory(answer.getFree(), answer.getOffered())),
                        request.terminal().out());
        return ExitCode.OK;
    }
}
