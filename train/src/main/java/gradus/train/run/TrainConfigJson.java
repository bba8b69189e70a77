package gradus.train.run;

import gradus.train.TrainConfig;
import gradus.train.TrainSetting;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/// Writes a [TrainConfig] as one flat object, a field for each of its [TrainSetting]s, and reads it again.
final class TrainConfigJson {
    private TrainConfigJson() {}

    static SimpleModule module() {
        return new SimpleModule("training")
                .addSerializer(TrainConfig.class, new Written())
                .addDeserializer(TrainConfig.class, new Read());
    }

    private static final class Written extends ValueSerializer<TrainConfig> {
        @Override
        public void serialize(TrainConfig config, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            for (TrainSetting<?> setting : TrainSetting.ALL) {
                json.writeName(setting.name());
                context.writeValue(json, setting.in(config));
            }
            json.writeEndObject();
        }
    }

    /// Fields that are missing are as they are by default; [ConfigTree] has looked for them before.
    private static final class Read extends ValueDeserializer<TrainConfig> {
        @Override
        public TrainConfig deserialize(JsonParser json, DeserializationContext context) {
            JsonNode fields = context.readTree(json);
            TrainConfig config = TrainConfig.defaults();
            for (TrainSetting<?> setting : TrainSetting.ALL) {
                if (fields.has(setting.name())) {
                    config = setting.with(config, context.readTreeAsValue(fields.get(setting.name()), setting.type()));
                }
            }
            return config;
        }
    }
}
