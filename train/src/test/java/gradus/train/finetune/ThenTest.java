package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which orders of steps make sense.
class ThenTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "merge,quantize=q8_0,gguf,modelfile",
                "merge,hf",
                "merge,hf,gguf",
                "merge,gguf,hf",
                "Merge, Quantize=Q4_0 ,GGUF",
                "merge,quantize=nf4,hf",
                "merge,gguf,modelfile,quantize=nf4-double,hf",
                "adapter-gguf",
                "adapter-gguf,modelfile",
                "quantize=q4_0,adapter-gguf,modelfile",
                "hf",
                "quantize=bf16,gguf"
            })
    void sense(String steps) {
        assertThatCode(() -> Then.of(steps)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                              | there is no step \"\"",
                "merge,,gguf                     | there is no step \"\"",
                "merge,gguf,                     | there is no step \"\"",
                "merge,gguff                     | there is no step \"gguff\"; there are merge, quantize=<type>, hf, gguf, adapter-gguf and modelfile",
                "quantize,gguf                   | there is no step \"quantize\"",
                "merge                           | merge alone writes nothing; add hf or gguf",
                "gguf,merge                      | merge comes first",
                "quantize=q8_0,merge,gguf        | gguf must follow",
                "merge,quantize=q8_0             | gguf must follow",
                "merge,quantize=q8_0,hf          | quantize=q8_0 is the type of a GGUF file, so gguf must follow it",
                "merge,quantize=nf4,gguf         | quantize=nf4 is for a Hugging Face folder, so hf must follow, and nothing after it",
                "merge,quantize=nf4,hf,gguf      | nothing after it",
                "merge,quantize=q2_k,gguf        | q2_k",
                "merge,modelfile                 | modelfile comes right after gguf or adapter-gguf, whose file it names",
                "merge,gguf,hf,modelfile         | modelfile comes right after",
                "merge,gguf,gguf                 | gguf is there twice",
                "merge,quantize=q8_0,gguf,quantize=q4_0,gguf | quantize is there twice",
                "merge,merge,gguf                | merge comes first",
                "merge,adapter-gguf              | after merge there is no adapter left for adapter-gguf"
            })
    void nonsense(String steps, String told) {
        assertThatThrownBy(() -> Then.of(steps))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--then: ")
                .hasMessageContaining(told)
                .hasMessageNotContaining("\n");
    }
}
