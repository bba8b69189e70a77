/// What the commands of all experiments share.
package gradus.lessons.lab.option;
