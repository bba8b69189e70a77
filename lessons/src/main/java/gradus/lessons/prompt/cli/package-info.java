/// What commands that ask a language model have in common.
package gradus.lessons.prompt.cli;
