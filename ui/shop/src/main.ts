import '@kit/tokens.css';
import '@kit/base.css';
import '@kit/vant.css';
import { createApp } from 'vue';
import { showMode } from '@kit/device.ts';
import { startWorker } from '@kit/worker.ts';
import { showLanguage } from '@kit/words.ts';
import App from './App.vue';
import { router } from './router.ts';

showMode();
showLanguage();
createApp(App).use(router).mount('#app');
startWorker();
