import '@kit/tokens.css';
import '@kit/base.css';
import '@kit/element.css';
import './console.css';
import { createApp } from 'vue';
import { showLanguage } from '@kit/words.ts';
import App from './App.vue';
import { router } from './router.ts';

showLanguage();
createApp(App).use(router).mount('#app');
