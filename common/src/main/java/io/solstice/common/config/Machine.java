package io.solstice.common.config;

import java.util.List;
import java.util.Map;

/** What this machine has to offer. Each answer is worked out when it is asked for. */
public interface Machine {
    /** Cores that this process may use. */
    int cpus();

    /** Memory that this process may use: the machine's, or less in a container. */
    long memoryBytes();

    /** NVIDIA devices that this process may use; none is no error. */
    int gpus();

    /** The names of those devices, as CUDA_VISIBLE_DEVICES has them. */
    List<String> gpuIds();

    /** The machine's own name, found without asking the network. */
    String hostName();

    /** The machine that this process runs on. */
    static Machine local(Map<String, String> environment) {
        return new LocalMachine(environment);
    }
}
