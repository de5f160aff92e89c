package io.solstice.faults.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The roads of a cluster on one machine: from each worker to each master, and from all processes into each worker. A
 * worker listens on the loopback address and tells others another one of the same machine, where its road begins.
 */
public final class Roads implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final List<Integer> masters;
    private final Map<String, List<Road>> toMasters = new HashMap<>();
    private final Map<String, Road> intoWorker = new HashMap<>();

    /** @param masters their ports */
    Roads(List<Integer> masters) {
        this.masters = List.copyOf(masters);
    }

    void add(String worker) throws IOException {
        List<Road> roads = new ArrayList<>();
        for (int port : masters) {
            roads.add(new Road(worker + " to " + port, LOOPBACK).to(LOOPBACK, port));
        }
        toMasters.put(worker, roads);
        Road road = new Road("into " + worker, "127.1.0." + toMasters.size());
        intoWorker.put(worker, road.to(LOOPBACK, road.port()));
    }

    /** By which a worker uses its roads. */
    List<String> flags(String worker) {
        Road in = intoWorker(worker);
        String there = toMasters(worker).stream()
                .map(road -> LOOPBACK + ":" + road.port())
                .collect(Collectors.joining(","));
        return List.of("--port", Integer.toString(in.port()), "--advertised-host", in.host(), "--master", there);
    }

    /** There is a master; back is the worker. */
    public List<Road> toMasters(String worker) {
        return of(toMasters, worker);
    }

    /** There is the worker; back is whoever connected to it. */
    public Road intoWorker(String worker) {
        return of(intoWorker, worker);
    }

    private static <R> R of(Map<String, R> roads, String worker) {
        R road = roads.get(worker);
        if (road == null) {
            throw new IllegalArgumentException("no worker " + worker);
        }
        return road;
    }

    @Override
    public void close() {
        toMasters.values().forEach(roads -> roads.forEach(Road::close));
        intoWorker.values().forEach(Road::close);
    }
}
