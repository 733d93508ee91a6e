// Every picture that the script composes.
import { craft } from './craft.mjs';
import { field } from './field.mjs';
import { fruit } from './fruit.mjs';
import { pantry } from './pantry.mjs';
import { scenes } from './scenes.mjs';

/** How much nearer goods stand than they are drawn: their pictures are looked at small. */
const NEAR = 1.1;

export function pictures() {
    const goods = [...fruit(), ...field(), ...pantry(), ...craft()];
    for (const picture of goods) picture.zoom = NEAR;
    return [...goods, ...scenes()];
}
