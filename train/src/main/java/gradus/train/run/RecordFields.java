package gradus.train.run;

import gradus.error.GradusException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The fields of a configuration record by name, so that the command line follows the record and needs no list of its
/// own.
public final class RecordFields {
    private RecordFields() {}

    public static List<RecordComponent> of(Class<? extends Record> type) {
        return List.of(type.getRecordComponents());
    }

    public static Object value(Record config, RecordComponent field) {
        try {
            return field.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    /// A copy in which the named fields have the given values. The record's own checks run once, on the result.
    public static <R extends Record> R with(R config, Map<String, Object> changes) {
        RecordComponent[] fields = config.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(fields)
                .map(field -> changes.getOrDefault(field.getName(), value(config, field)))
                .toArray();
        try {
            @SuppressWarnings("unchecked")
            R changed = (R) config.getClass().getConstructor(types).newInstance(values);
            return changed;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof GradusException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
