package io.solstice.master.cluster;

/**
 * What a master decides by.
 *
 * @param cluster the name that its workers must give
 * @param version of this software, which its workers must have
 * @param heartbeatTimeoutMillis a worker that is silent for so long is lost
 * @param schedulingTimeoutMillis how long a job waits for workers that the cluster does not have
 * @param jobHistory how many ended jobs are kept
 */
public record ClusterSettings(
        String cluster, String version, long heartbeatTimeoutMillis, long schedulingTimeoutMillis, int jobHistory) {}
