package io.solstice.worker.record;

import io.solstice.common.error.ErrorCode;
import io.solstice.worker.bytecode.Lane;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * A record class taken apart. In the types of its handles every class is Object, so that generated code, which cannot
 * name private classes or those of another class loader, can call them.
 */
record RecordShape(Class<?> type, List<Component> components, MethodHandle constructor) {

    record Component(String name, Class<?> type, Type genericType, MethodHandle accessor) {
        /** The primitive that the component is or boxes, or else the class itself. */
        Class<?> unboxed() {
            return MethodType.methodType(type).unwrap().returnType();
        }

        /** Whether values are read and written by generated code. */
        boolean isDirect() {
            return unboxed().isPrimitive() && unboxed() != char.class;
        }

        boolean isBoxed() {
            return !type.isPrimitive();
        }

        Lane lane() {
            return switch (unboxed().getName()) {
                case "boolean" -> Lane.BIT;
                case "byte", "short", "int" -> Lane.INT;
                case "long" -> Lane.LONG;
                case "float" -> Lane.FLOAT;
                case "double" -> Lane.DOUBLE;
                default -> Lane.OTHER;
            };
        }
    }

    static RecordShape of(Class<?> type) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            List<Component> components = new ArrayList<>();
            List<Class<?>> types = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                MethodHandle accessor = lookup.unreflect(component.getAccessor());
                Class<?> result = erased(component.getType());
                components.add(new Component(
                        component.getName(),
                        component.getType(),
                        component.getGenericType(),
                        accessor.asType(MethodType.methodType(result, Object.class))));
                types.add(component.getType());
            }
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types));
            List<Class<?>> erased =
                    types.stream().<Class<?>>map(RecordShape::erased).toList();
            return new RecordShape(type, components, constructor.asType(MethodType.methodType(Object.class, erased)));
        } catch (ReflectiveOperationException closed) {
            throw ErrorCode.RECORD_TYPE
                    .error("record " + type.getName() + " cannot be reached")
                    .cause(String.valueOf(closed.getMessage()))
                    .help("open its package to the class path, or move it out of the named module")
                    .toException(closed);
        }
    }

    private static Class<?> erased(Class<?> type) {
        return type.isPrimitive() ? type : Object.class;
    }
}
