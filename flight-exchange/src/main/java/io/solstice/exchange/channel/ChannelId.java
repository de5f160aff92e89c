package io.solstice.exchange.channel;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;

/**
 * One road between two tasks of one run. A later run of the same job has other ids, so nothing of an earlier one can
 * reach it.
 *
 * @param from the first stage of the sending chain
 * @param to the first stage of the receiving chain
 * @param sender the index of the sending task
 * @param receiver the index of the receiving task
 */
public record ChannelId(RunId run, StageId from, StageId to, int sender, int receiver) {
    @Override
    public String toString() {
        return run + " " + from + "/" + sender + " -> " + to + "/" + receiver;
    }
}
