package io.solstice.worker.record;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.bytecode.MemoryCode;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.objectweb.asm.Label;

/** Writes the code that makes a record of a row's columns and that writes a record's components to a row. */
final class RecordCode {
    private final Code code;
    private final int row;

    RecordCode(Code code, int row) {
        this.code = code;
        this.row = row;
    }

    /** Locals that hold the addresses of a component's values and validity, or its reader or writer. */
    record Place(int values, int validity, int object) {}

    /** Takes what serves the components out of arrays, before the loop. */
    Place[] places(RecordShape shape, int addresses, int objects, Class<?> objectType) {
        Place[] places = new Place[shape.components().size()];
        for (int i = 0; i < places.length; i++) {
            if (shape.components().get(i).isDirect()) {
                code.loadElement(addresses, RecordLoop.PER_COMPONENT * i);
                int values = code.keep(Lane.LONG);
                code.loadElement(addresses, RecordLoop.PER_COMPONENT * i + 1);
                places[i] = new Place(values, code.keep(Lane.LONG), 0);
            } else {
                code.loadObject(objects);
                code.push(i);
                code.op(AALOAD);
                code.cast(objectType);
                places[i] = new Place(0, 0, code.keepObject());
            }
        }
        return places;
    }

    /** Pushes the record of the row. */
    void read(InputBinding binding, Place[] places, boolean nulls) {
        int[] locals = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            locals[i] = readComponent(binding, i, places[i], nulls);
        }
        MethodHandle constructor = binding.shape().constructor();
        code.pushObject(constructor, MethodHandle.class);
        for (int i = 0; i < places.length; i++) {
            RecordShape.Component component = binding.component(i);
            if (component.type().isPrimitive()) {
                code.load(component.lane(), locals[i]);
            } else {
                code.loadObject(locals[i]);
            }
        }
        code.callVirtual(MethodHandle.class, "invokeExact", constructor.type().toMethodDescriptorString());
    }

    private int readComponent(InputBinding binding, int index, Place place, boolean nulls) {
        RecordShape.Component component = binding.component(index);
        if (!component.isDirect()) {
            code.loadObject(place.object());
            code.load(Lane.INT, row);
            code.callInterface(ComponentReader.class, "read", "(I)Ljava/lang/Object;");
            return code.keepObject();
        }
        Label present = new Label();
        Label end = new Label();
        if (nulls) {
            code.bit(place.validity(), row);
            code.jump(IFNE, present);
            if (component.isBoxed()) {
                code.op(ACONST_NULL);
                code.jump(GOTO, end);
            } else {
                code.push(component.name());
                code.load(Lane.INT, row);
                code.call(
                        RecordLoop.class,
                        "nullValue",
                        "(Ljava/lang/String;I)Lio/solstice/common/error/SolsticeException;");
                code.op(ATHROW);
            }
            code.mark(present);
        }
        MemoryCode.read(code, binding.type(index), place.values(), row);
        code.convert(Lane.of(binding.type(index)), component.lane());
        if (component.isBoxed()) {
            box(component);
            code.mark(end);
            return code.keepObject();
        }
        return code.keep(component.lane());
    }

    private void box(RecordShape.Component component) {
        switch (component.unboxed().getName()) {
            case "byte" -> code.op(I2B);
            case "short" -> code.op(I2S);
            default -> {}
        }
        String primitive = component.unboxed().descriptorString();
        code.call(
                component.type(),
                "valueOf",
                "(" + primitive + ")" + component.type().descriptorString());
    }

    /** Writes the components of a record that is in a local. */
    void write(RecordShape shape, List<Field> fields, Place[] places, int record) {
        for (int i = 0; i < places.length; i++) {
            RecordShape.Component component = shape.components().get(i);
            code.pushObject(component.accessor(), MethodHandle.class);
            code.loadObject(record);
            code.callVirtual(
                    MethodHandle.class,
                    "invokeExact",
                    component.accessor().type().toMethodDescriptorString());
            if (!component.isDirect()) {
                writeObject(places[i]);
            } else if (component.isBoxed()) {
                writeBoxed(component, fields.get(i), places[i]);
            } else {
                writePrimitive(component, fields.get(i), places[i]);
            }
        }
    }

    private void writeObject(Place place) {
        int value = code.keepObject();
        code.loadObject(place.object());
        code.load(Lane.INT, row);
        code.loadObject(value);
        code.callInterface(ComponentWriter.class, "write", "(ILjava/lang/Object;)V");
    }

    private void writeBoxed(RecordShape.Component component, Field field, Place place) {
        int value = code.keepObject();
        Label present = new Label();
        Label end = new Label();
        code.loadObject(value);
        code.jump(IFNONNULL, present);
        code.load(Lane.LONG, place.validity());
        code.load(Lane.INT, row);
        code.push(0);
        code.call(RecordLoop.class, "setBit", "(JII)V");
        code.jump(GOTO, end);
        code.mark(present);
        code.loadObject(value);
        code.cast(component.type());
        String primitive = component.unboxed().getName();
        code.callVirtual(
                component.type(),
                primitive + "Value",
                "()" + component.unboxed().descriptorString());
        writePrimitive(component, field, place);
        code.mark(end);
    }

    private void writePrimitive(RecordShape.Component component, Field field, Place place) {
        int value = code.keep(component.lane());
        if (component.lane() == Lane.BIT) {
            code.load(Lane.LONG, place.values());
            code.load(Lane.INT, row);
            code.load(Lane.BIT, value);
            code.call(RecordLoop.class, "setBit", "(JII)V");
        } else {
            MemoryCode.write(code, field.getType(), place.values(), row, () -> code.load(component.lane(), value));
        }
    }
}
