package io.solstice.bench.jet;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.config.JobConfig;
import com.hazelcast.jet.config.ProcessingGuarantee;
import com.hazelcast.jet.pipeline.Pipeline;
import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.nexmark.Event;

/** One Hazelcast member in this process, which looks for no others. It is there for one run, and idle in none. */
final class JetMember implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";

    private final HazelcastInstance member;

    private JetMember(HazelcastInstance member) {
        this.member = member;
    }

    /** @param threads that the tasks of jobs share: just these do all the work */
    static JetMember start(int threads) {
        Config config = new Config()
                .setClusterName("solstice-bench")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "none")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.local.localAddress", ADDRESS);
        config.getJetConfig().setEnabled(true).setCooperativeThreadCount(threads);
        JoinConfig join = config.getNetworkConfig().setPublicAddress(ADDRESS).getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        config.getSerializationConfig()
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(SalesOfPerson.class)
                        .setImplementation(new SalesOfPerson.Bytes()))
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(Event.NewSeller.class)
                        .setImplementation(new NewSellerBytes()))
                .addSerializerConfig(
                        new SerializerConfig().setTypeClass(Event.HotItem.class).setImplementation(new HotItemBytes()));
        return new JetMember(Hazelcast.newHazelcastInstance(config));
    }

    /** Runs it to its end. */
    void execute(Pipeline pipeline, Checkpointing checkpoints) {
        JobConfig job = new JobConfig();
        if (checkpoints.isOn()) {
            job.setProcessingGuarantee(ProcessingGuarantee.EXACTLY_ONCE)
                    .setSnapshotIntervalMillis(Math.round(checkpoints.seconds() * 1_000));
        }
        member.getJet().newJob(pipeline, job).join();
    }

    @Override
    public void close() {
        member.shutdown();
    }
}
