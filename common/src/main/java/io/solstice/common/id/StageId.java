package io.solstice.common.id;

/** The id of a stage, unique within its job. Letters, digits, {@code . _ -}, at most 128 characters. */
public record StageId(String value) {
    public StageId {
        Names.check("stage", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
