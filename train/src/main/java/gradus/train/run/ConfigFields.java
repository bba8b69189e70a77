package gradus.train.run;

import gradus.error.GradusException;
import gradus.train.TrainConfig;
import gradus.train.TrainSetting;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields of a configuration by name, so that the command line and `config.json` follow the configuration and need
/// no list of their own: the components of a record, or, of a [TrainConfig], its [TrainSetting]s.
public final class ConfigFields {
    private ConfigFields() {}

    /// A field by its name and type.
    public record Field(String name, Class<?> type) {
        private Field(RecordComponent component) {
            this(component.getName(), component.getType());
        }
    }

    /// In their order.
    public static List<Field> of(Class<? extends Record> type) {
        return type == TrainConfig.class
                ? TrainSetting.ALL.stream()
                        .map(setting -> new Field(setting.name(), setting.type()))
                        .toList()
                : Arrays.stream(type.getRecordComponents()).map(Field::new).toList();
    }

    /// The field of that name, if there is one.
    public static Optional<Field> of(Class<? extends Record> type, String name) {
        return of(type).stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /// What a configuration has in a field.
    public static Object value(Record config, String name) {
        if (config instanceof TrainConfig train) {
            return setting(name).in(train);
        }
        try {
            return config.getClass().getMethod(name).invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static TrainSetting<?> setting(String name) {
        return TrainSetting.ALL.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// A copy in which the named fields have the given values.
    ///
    /// @throws GradusException if the configuration refuses one
    @SuppressWarnings("unchecked")
    public static <R extends Record> R with(R config, Map<String, Object> changes) {
        if (config instanceof TrainConfig train) {
            for (Map.Entry<String, Object> change : changes.entrySet()) {
                train = setting(change.getKey()).with(train, change.getValue());
            }
            return (R) train;
        }
        RecordComponent[] fields = config.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(fields)
                .map(field -> changes.containsKey(field.getName())
                        ? changes.get(field.getName())
                        : value(config, field.getName()))
                .toArray();
        try {
            return (R) config.getClass().getConstructor(types).newInstance(values);
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
