package gradus.train.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
    private static boolean allows(String schema, String text) {
        return RegexTest.matches(JsonSchema.parse(schema.replace('\'', '"'), "s"), text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'null'}},'required':['b']};{'a':1,'b':null};true",
                "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'null'}},'required':['b']};{'b': null};true",
                "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'null'}},'required':['b']};{'a':1};false",
                "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'null'}},'required':['b']};{'a':1, 'b':null,};false",
                "{'type':'object'};{};true",
                "{'type':'array','items':{'type':'boolean'},'minItems':2};[true];false",
                "{'type':'array','items':{'type':'boolean'},'minItems':2};[true, false,true];true",
                "{'type':'array','maxItems':0};[];true",
                "{'type':'string','pattern':'^a+$','maxLength':2};'aa';true",
                "{'type':'string','pattern':'^a+$','maxLength':2};'aaa';false",
                "{'type':'string','pattern':'a'};'xay';true",
                "{'type':'string','maxLength':1};'\\n';true",
                "{'type':'string','maxLength':1};'😀';true",
                "{'type':'integer','minimum':-3,'maximum':12};-3;true",
                "{'type':'integer','minimum':-3,'maximum':12};-4;false",
                "{'type':'integer','minimum':-3,'maximum':12};13;false",
                "{'type':'integer'};-0;false",
                "{'type':'integer'};01;false",
                "{'type':'number','exclusiveMinimum':0.25};0.250;false",
                "{'type':'number','exclusiveMinimum':0.25};0.2501;true",
                "{'type':'integer','exclusiveMinimum':999999999999999};1000000000000000;true",
                "{'type':'number','exclusiveMinimum':0.999999999999999,'exclusiveMaximum':1};0.9999999999999991;true",
                "{'enum':['x',1,null,{'k':[1]}]};{'k': [1]};true",
                "{'enum':['x',1,null],'type':'string'};1;false",
                "{'const':true};true;true",
                "{'anyOf':[{'type':'null'},{'type':'boolean'}]};false;true",
                "{'oneOf':[{'type':'string','maxLength':1},{'type':'integer'}]};7;true",
                "{'$ref':'#/$defs/n','$defs':{'n':{'type':['null','boolean']}}};null;true",
            })
    void whatItAllows(String schema, String text, boolean allowed) {
        assertThat(allows(schema, text)).isEqualTo(allowed);
    }

    /// What is not supported is refused by name, and never passed over.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'type':'string','format':'date'};#: the keyword format is not supported beside type string",
                "{'type':'integer','multipleOf':3};keyword multipleOf",
                "{'type':'array','items':{'type':'null'},'uniqueItems':true};keyword uniqueItems",
                "{'type':'object','patternProperties':{}};keyword patternProperties",
                "{'type':'object','additionalProperties':{'type':'null'}};additionalProperties is supported with true and false",
                "{'anyOf':[{'type':'null'}],'minLength':2};keyword minLength is not supported beside anyOf",
                "{'allOf':[]};needs a type",
                "{'properties':{}};needs a type",
                "{};needs a type",
                "true;true allows any JSON",
                "[];a schema is an object",
                "{'type':'text'};a type is one of array, boolean, integer",
                "{'type':'array'};an array needs items",
                "{'type':'object','required':['x']};'x' is none of the properties",
                "{'enum':[]};must be a list with something in it",
                "{'type':'string','minLength':-1};#/minLength: must be an integer of at least 0; got -1",
                "{'type':'string','minLength':1.5};#/minLength",
                "{'type':'string','pattern':'(?=a)'};look-ahead",
                "{'type':'number','minimum':'1'};#/minimum: must be a number",
                "{'type':'number','minimum':1e999};at most 100 digits",
                "{'oneOf':[{'type':'integer'},{'type':'number'}]};number 1 begins like one before it; use anyOf",
                "{'$ref':'#/$defs/none'};nothing is at #/$defs/none",
                "{'$ref':'http://x'};points into the schema",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'array','items':{'$ref':'#/$defs/a'}}}};contains itself",
                "{'$ref':'#'};contains itself",
                "{'type':'null','type':'null'};stands there twice",
                "{'type':;no valid JSON",
                "{'type':'null'} x;no JSON",
            })
    void whatIsNotSupported(String schema, String message) {
        assertThatThrownBy(() -> JsonSchema.parse(schema.replace('\'', '"'), "s.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("s.json: ")
                .hasMessageContaining(message.replace("'x'", "\"x\""));
    }

    @Test
    void noTextIsNoLanguage() {
        for (String schema : new String[] {
            "{'type':'integer','minimum':5,'maximum':4}",
            "{'type':'string','minLength':3,'maxLength':2}",
            "{'type':'string','minLength':3,'pattern':'^a$'}",
            "{'type':'array','items':{'enum':[1],'type':'string'},'minItems':1}",
            "{'type':'object','properties':{'a':false},'required':['a']}"
        }) {
            assertThatThrownBy(() -> new Automaton(JsonSchema.parse(schema.replace('\'', '"'), "s")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("no text meets all that is asked");
        }
    }

    @Test
    void deepAndWideSchemasEnd() {
        StringBuilder wide = new StringBuilder("{'type':'object','properties':{");
        for (int i = 0; i < 300; i++) {
            wide.append(i > 0 ? "," : "").append("'p").append(i).append("':{'type':'boolean'}");
        }
        assertThat(allows(wide + "}}", "{'p7':true,'p299': false}")).isTrue();
        StringBuilder shared = new StringBuilder("{'$ref':'#/$defs/d20','$defs':{'d0':{'type':'null'}");
        for (int i = 1; i <= 20; i++) { // 2²⁰ nulls
            shared.append(
                    ",'d%s':{'type':'object','properties':{'a':{'$ref':'#/$defs/d%s'},'b':{'$ref':'#/$defs/d%s'}}}"
                            .formatted(i, i - 1, i - 1));
        }
        assertThat(allows(shared + "}}", "{'a':{'b':{}}}")).isTrue();
        assertThatThrownBy(() -> JsonSchema.parse("[".repeat(100_000), "s")).isInstanceOf(ConfigException.class);
    }

    @Test
    void files(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("s.json");
        assertThatThrownBy(() -> JsonSchema.read(file)).hasMessageContaining("s.json");
        assertThatThrownBy(() -> JsonSchema.read(folder)).hasMessageContaining("is a folder");
        Files.write(file, new byte[] {(byte) 0xFF});
        assertThatThrownBy(() -> JsonSchema.read(file)).hasMessageContaining("not UTF-8");
        Files.writeString(file, "");
        assertThatThrownBy(() -> JsonSchema.read(file)).isInstanceOf(ConfigException.class);
    }
}
