package gradus.lessons.lab.rules;

/// What a function makes of a symbol.
record Rule(int symbol, int function, int result) {}
