// The address that was picked for the purchase under way; the checkout reads it.
import { ref } from 'vue';
import { onLeft } from '@kit/session.ts';

export const chosenAddressId = ref<string>();

onLeft(() => (chosenAddressId.value = undefined));
