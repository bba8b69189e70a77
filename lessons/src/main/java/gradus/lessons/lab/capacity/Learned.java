package gradus.lessons.lab.capacity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What one model learned.
///
/// @param parameters P, all of them, tables too
/// @param facts      N
/// @param entropy    of all facts, in bits
/// @param known      of these, how many it knows
/// @param shuffled   how many it seems to know where values are exchanged
record Learned(long parameters, int facts, double entropy, double known, double shuffled) {

    static Learned of(JsonNode measured) {
        return JsonMapper.shared().treeToValue(measured, Learned.class);
    }

    /// Bits a parameter.
    double ratio() {
        return known / parameters;
    }

    /// Of the entropy.
    double share() {
        return known / entropy;
    }
}
