// From a form back to the page it belongs to, without leaving the form in the history.
import type { Router } from 'vue-router';

export async function goUp(router: Router, home: string): Promise<void> {
    if (history.state?.back === home) router.back();
    else await router.replace(home);
}
