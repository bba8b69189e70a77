package gradus.train.cli.progress;

import gradus.train.cli.terminal.Console;
import gradus.train.run.RunDisplay;
import gradus.train.run.text.BitsPerByte;

/// Shows a training run on the console: a bar that moves on a terminal, plain lines now and then elsewhere.
public record ConsoleDisplay(Console console) implements RunDisplay {
    @Override
    public void say(String line) {
        console.err().println(line);
    }

    @Override
    public void show(String sample) {
        console.text().print(sample);
        console.text().flush();
    }

    @Override
    public Steps follow(int steps, BitsPerByte bits) {
        return console.redraws()
                ? new StepsOnTerminal(console.screen(), steps, bits)
                : new StepsInLines(console.err(), steps, bits);
    }
}
