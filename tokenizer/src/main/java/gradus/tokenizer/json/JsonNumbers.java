package gradus.tokenizer.json;

import tools.jackson.databind.JsonNode;

/// Numbers of JSON, which may have hundreds of digits.
public final class JsonNumbers {
    private JsonNumbers() {}

    /// The double nearest to a number; infinite if it is beyond all doubles.
    public static double toDouble(JsonNode number) {
        return number.isBigInteger() || number.isBigDecimal()
                ? number.decimalValue().doubleValue()
                : number.doubleValue();
    }
}
