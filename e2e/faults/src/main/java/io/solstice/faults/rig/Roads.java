package io.solstice.faults.rig;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The roads of a cluster on one machine: from each worker to the master, and from all processes into each worker. A
 * worker listens on the loopback address and tells others another one of the same machine, where its road begins.
 */
public final class Roads implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final String master;
    private final Map<String, Road> toMaster = new HashMap<>();
    private final Map<String, Road> intoWorker = new HashMap<>();

    /** @param master its address */
    Roads(String master) {
        this.master = master;
    }

    void add(String worker) throws IOException {
        int port = Integer.parseInt(master.substring(master.lastIndexOf(':') + 1));
        toMaster.put(worker, new Road(worker + " to the master", LOOPBACK).to(LOOPBACK, port));
        Road road = new Road("into " + worker, "127.1.0." + toMaster.size());
        intoWorker.put(worker, road.to(LOOPBACK, road.port()));
    }

    /** By which a worker uses its roads. */
    List<String> flags(String worker) {
        Road in = intoWorker(worker);
        return List.of(
                "--port",
                Integer.toString(in.port()),
                "--advertised-host",
                in.host(),
                "--master",
                LOOPBACK + ":" + toMaster(worker).port());
    }

    /** There is the master; back is the worker. */
    public Road toMaster(String worker) {
        return of(toMaster, worker);
    }

    /** There is the worker; back is whoever connected to it. */
    public Road intoWorker(String worker) {
        return of(intoWorker, worker);
    }

    private static Road of(Map<String, Road> roads, String worker) {
        Road road = roads.get(worker);
        if (road == null) {
            throw new IllegalArgumentException("no worker " + worker);
        }
        return road;
    }

    @Override
    public void close() {
        toMaster.values().forEach(Road::close);
        intoWorker.values().forEach(Road::close);
    }
}
