package gradus.train;

import java.util.LinkedHashMap;
import java.util.Map;

/// Compares the settings that a checkpoint tells, `TrainConfig[steps=6, batchSize=12, …]`, with those of a
/// training. An earlier version of the library knew fewer of them: what a checkpoint does not tell was as it
/// is by default.
final class SettingsText {
    private static final String HEAD = "TrainConfig[";

    private SettingsText() {}

    static boolean same(String told, TrainConfig config) {
        if (told.equals(config.toString())) {
            return true;
        }
        Map<String, String> then = fields(told);
        Map<String, String> now = fields(config.toString());
        Map<String, String> defaults = fields(TrainConfig.defaults().toString());
        if (then.isEmpty() || !now.keySet().containsAll(then.keySet())) {
            return false;
        }
        return now.entrySet().stream()
                .allMatch(field ->
                        field.getValue().equals(then.getOrDefault(field.getKey(), defaults.get(field.getKey()))));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (text.startsWith(HEAD) && text.endsWith("]")) {
            for (String field : text.substring(HEAD.length(), text.length() - 1).split(", ")) {
                int equals = field.indexOf('=');
                fields.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
            }
        }
        return fields;
    }
}
